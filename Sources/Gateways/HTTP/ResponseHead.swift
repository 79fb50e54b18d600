import Domain
import Glibc

/// Why bytes are no HTTP response.
struct ResponseFault: Error, Equatable {
  let basis: VerdictBasis

  static let malformed = ResponseFault(basis: .protocolError)
  static let tooMuch = ResponseFault(basis: .budget)
}

/// A status line and the fields of a response that somebody here reads; all others are checked and forgotten.
struct ResponseHead: Equatable {
  enum Framing: Equatable {
    case length(Int)
    case chunked
    case untilClose
  }

  var status = 0
  var framing = Framing.untilClose
  var keepsAlive = true
  var location: String?
  var contentEncoding: String?
  var contentType: String?
  var retryAfter: String?
  var date: String?

  /// Reads a head with its empty line, after RFC 9112; where that lets one choose, the stricter reading.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(ResponseFault) {
    var lines = HeadLines(bytes)
    guard let first = lines.next(), first.count >= 12, first.prefix(7).elementsEqual("HTTP/1.".utf8) else {
      throw .malformed
    }
    let text = UnsafeBufferPointer(rebasing: first)
    guard text[7] == 0x30 || text[7] == 0x31, text[8] == 0x20, let status = Self.number(text[9..<12], atMost: 999),
      status >= 100, text.count == 12 || text[12] == 0x20
    else { throw .malformed }
    self.status = status
    var fields = Framings(isHTTP11: text[7] == 0x31)
    while let line = lines.next() {
      if line.isEmpty { break }
      try read(UnsafeBufferPointer(rebasing: line), &fields)
    }
    try settle(fields)
  }

  /// Whether it announces more bytes than these of something that no browser shows as text.
  func isLargeFile(over limit: Int) -> Bool {
    guard case .length(let length) = framing, length > limit, let type = contentType?.lowercased() else { return false }
    return ["video/", "audio/", "image/", "application/octet-stream", "application/pdf", "application/zip"].contains {
      type.hasPrefix($0)
    }
  }

  /// What the fields say about where the message ends.
  private struct Framings {
    let isHTTP11: Bool
    var length: Int?
    var isChunked = false
    var closes = false
    var keeps = false
  }

  private mutating func read(_ line: UnsafeBufferPointer<UInt8>, _ fields: inout Framings) throws(ResponseFault) {
    // A line that begins with white space would continue the one above: long forbidden, and a way to hide a field.
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
      line[..<colon].allSatisfy(Self.isToken)
    else { throw .malformed }
    var start = colon + 1
    var end = line.count
    while start < end, line[start] == 0x20 || line[start] == 0x09 { start += 1 }
    while end > start, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
    let value = UnsafeBufferPointer(rebasing: line[start..<end])
    guard !value.contains(where: { $0 == 0 || $0 == 0x0D }) else { throw .malformed }
    let name = UnsafeBufferPointer(rebasing: line[..<colon])
    switch colon {
    case 4 where Self.equal(name, "date"): date = Self.text(value)
    case 8 where Self.equal(name, "location"): location = location ?? Self.text(value)
    case 10 where Self.equal(name, "connection"):
      fields.closes = fields.closes || Self.lists(value, "close")
      fields.keeps = fields.keeps || Self.lists(value, "keep-alive")
    case 11 where Self.equal(name, "retry-after"): retryAfter = Self.text(value)
    case 12 where Self.equal(name, "content-type"): contentType = Self.text(value)
    case 14 where Self.equal(name, "content-length"):
      guard let length = Self.number(value[...], atMost: Int.max / 16), fields.length ?? length == length else {
        throw .malformed
      }
      fields.length = length
    case 16 where Self.equal(name, "content-encoding"): contentEncoding = Self.text(value)
    case 17 where Self.equal(name, "transfer-encoding"):
      guard Self.equal(value, "chunked"), !fields.isChunked else { throw .malformed }
      fields.isChunked = true
    default: break
    }
  }

  /// RFC 9112, 6.3.
  private mutating func settle(_ fields: Framings) throws(ResponseFault) {
    // Two statements about the length: one of them is there to be believed by somebody else.
    guard !fields.isChunked || fields.length == nil else { throw .malformed }
    keepsAlive = !fields.closes && (fields.isHTTP11 || fields.keeps)
    if status < 200 || status == 204 || status == 304 {
      framing = .length(0)
    } else if fields.isChunked {
      framing = .chunked
    } else if let length = fields.length {
      framing = .length(length)
    } else {
      framing = .untilClose
      keepsAlive = false
    }
  }

  private static func text(_ value: UnsafeBufferPointer<UInt8>) -> String { String(decoding: value, as: UTF8.self) }

  private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>, atMost limit: Int) -> Int? {
    guard !digits.isEmpty, digits.count <= 19 else { return nil }
    var number = 0
    for digit in digits {
      guard digit &- 0x30 < 10, number <= limit / 10 else { return nil }
      number = number * 10 + Int(digit &- 0x30)
    }
    return number
  }

  /// Whether a field's name or value is `word`, which is in lower case; ASCII case does not matter.
  private static func equal(_ bytes: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
    guard bytes.count == word.utf8CodeUnitCount else { return false }
    for index in 0..<bytes.count {
      let byte = bytes[index]
      guard (byte &- 0x41 < 26 ? byte | 0x20 : byte) == word.utf8Start[index] else { return false }
    }
    return true
  }

  /// Whether a list of words has this one.
  private static func lists(_ value: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
    if equal(value, word) { return true }
    return value.split(separator: UInt8(ascii: ",")).contains { part in
      var part = part.drop { $0 == 0x20 || $0 == 0x09 }
      while let last = part.last, last == 0x20 || last == 0x09 { part.removeLast() }
      return equal(UnsafeBufferPointer(rebasing: part), word)
    }
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    if (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 { return true }
    switch byte {
    case 0x21, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: return true
    default: return false
    }
  }
}

/// The lines of a head, without their ends; LF alone ends one too, as RFC 9112, 2.2 allows.
struct HeadLines {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var start = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func next() -> Slice<UnsafeBufferPointer<UInt8>>? {
    guard let end = Self.lineFeed(in: bytes, from: start) else { return nil }
    let line = bytes[start..<(end > start && bytes[end - 1] == 0x0D ? end - 1 : end)]
    start = end + 1
    return line
  }

  static func lineFeed(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + start, 0x0A, bytes.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// Where a head that may begin with line ends at `searched` ends, behind its empty line; nil where it does not yet.
  static func end(of bytes: UnsafeBufferPointer<UInt8>, searched: Int) -> Int? {
    // The end of line before the empty one may be among the bytes that were searched.
    var from = max(0, searched - 2)
    while let end = lineFeed(in: bytes, from: from) {
      let next = end + 1
      if next < bytes.count, bytes[next] == 0x0A { return next + 1 }
      if next + 1 < bytes.count, bytes[next] == 0x0D, bytes[next + 1] == 0x0A { return next + 2 }
      from = next
    }
    return nil
  }
}
