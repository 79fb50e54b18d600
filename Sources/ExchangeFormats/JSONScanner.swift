/// Walks over the JSON values of one line, strictly by RFC 8259, nested at most ``depthLimit`` deep.
struct JSONScanner {
  struct Failure: Error {
    let reason: IntakeFault.JSONReason
    /// The byte of the line, from 0.
    let index: Int
  }

  /// A string of the line whose escapes are known to be right.
  struct StringToken {
    let start: Int
    let end: Int
    let hasEscapes: Bool
  }

  static let depthLimit = 64

  var at = 0

  func failure(_ reason: IntakeFault.JSONReason) -> Failure { Failure(reason: reason, index: at) }

  func peek(_ line: Span<UInt8>) -> UInt8? { at < line.count ? line[at] : nil }

  mutating func skipSpace(_ line: Span<UInt8>) {
    while at < line.count {
      switch line[at] {
      case 0x20, 0x09, 0x0D, 0x0A: at += 1
      default: return
      }
    }
  }

  mutating func take(_ byte: UInt8, _ line: Span<UInt8>) -> Bool {
    guard at < line.count, line[at] == byte else { return false }
    at += 1
    return true
  }

  mutating func expect(_ byte: UInt8, _ line: Span<UInt8>) throws(Failure) {
    guard at < line.count else { throw failure(.unexpectedEnd) }
    guard line[at] == byte else { throw failure(.unexpectedCharacter) }
    at += 1
  }

  mutating func expectEnd(_ line: Span<UInt8>) throws(Failure) {
    skipSpace(line)
    if at < line.count { throw failure(.textAfterValue) }
  }

  mutating func string(_ line: Span<UInt8>) throws(Failure) -> StringToken {
    try expect(0x22, line)
    let start = at
    var hasEscapes = false
    while at < line.count {
      let byte = line[at]
      if byte == 0x22 {
        at += 1
        return StringToken(start: start, end: at - 1, hasEscapes: hasEscapes)
      }
      if byte < 0x20 { throw failure(.controlCharacter) }
      if byte == 0x5C {
        hasEscapes = true
        _ = try escape(line)
      } else {
        at += 1
      }
    }
    throw failure(.unexpectedEnd)
  }

  /// Moves past one escape, or one pair of surrogates, and says which character it means.
  private mutating func escape(_ line: Span<UInt8>) throws(Failure) -> Unicode.Scalar {
    guard line.count - at >= 2 else { throw failure(.unexpectedEnd) }
    let plain: Unicode.Scalar
    switch line[at + 1] {
    case 0x22: plain = "\""
    case 0x5C: plain = "\\"
    case 0x2F: plain = "/"
    case 0x62: plain = "\u{08}"
    case 0x66: plain = "\u{0C}"
    case 0x6E: plain = "\n"
    case 0x72: plain = "\r"
    case 0x74: plain = "\t"
    case 0x75:
      let start = at
      var value = try hexadecimal(line, from: at + 2)
      at += 6
      if value & 0xFC00 == 0xD800, line.count - at >= 2, line[at] == 0x5C, line[at + 1] == 0x75 {
        let low = try hexadecimal(line, from: at + 2)
        if low & 0xFC00 == 0xDC00 {
          value = 0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF)
          at += 6
        }
      }
      guard let scalar = Unicode.Scalar(value) else {
        throw Failure(reason: .loneSurrogate, index: start)
      }
      return scalar
    default: throw failure(.invalidEscape)
    }
    at += 2
    return plain
  }

  private func hexadecimal(_ line: Span<UInt8>, from start: Int) throws(Failure) -> UInt32 {
    guard line.count - start >= 4 else { throw failure(.unexpectedEnd) }
    var value: UInt32 = 0
    for index in start..<start + 4 {
      let byte = line[index]
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
      default: throw failure(.invalidEscape)
      }
    }
    return value
  }

  /// The bytes that a string means, its escapes resolved, as UTF-8.
  static func decode(_ token: StringToken, _ line: Span<UInt8>) throws(Failure) -> [UInt8] {
    var scanner = JSONScanner(at: token.start)
    var text: [UInt8] = []
    text.reserveCapacity(token.end - token.start)
    while scanner.at < token.end {
      if line[scanner.at] == 0x5C {
        text.append(contentsOf: UTF8.encode(try scanner.escape(line)) ?? UTF8.encodedReplacementCharacter)
      } else {
        text.append(line[scanner.at])
        scanner.at += 1
      }
    }
    return text
  }

  /// Checks any value and moves past it; `depth` is how deep an object or array here would lie, from 1.
  mutating func skipValue(_ line: Span<UInt8>, depth: Int) throws(Failure) {
    guard at < line.count else { throw failure(.unexpectedEnd) }
    switch line[at] {
    case 0x22: _ = try string(line)
    case 0x7B, 0x5B:
      if depth > Self.depthLimit { throw failure(.tooDeep) }
      try skipContainer(line, depth: depth)
    case 0x74: try expectWord("true", line)
    case 0x66: try expectWord("false", line)
    case 0x6E: try expectWord("null", line)
    case 0x2D, 0x30...0x39: try skipNumber(line)
    default: throw failure(.unexpectedCharacter)
    }
  }

  private mutating func skipContainer(_ line: Span<UInt8>, depth: Int) throws(Failure) {
    let isObject = line[at] == 0x7B
    let close: UInt8 = isObject ? 0x7D : 0x5D
    at += 1
    skipSpace(line)
    if take(close, line) { return }
    while true {
      skipSpace(line)
      if isObject {
        _ = try string(line)
        skipSpace(line)
        try expect(0x3A, line)
        skipSpace(line)
      }
      try skipValue(line, depth: depth + 1)
      skipSpace(line)
      if take(close, line) { return }
      try expect(0x2C, line)
    }
  }

  private mutating func expectWord(_ word: StaticString, _ line: Span<UInt8>) throws(Failure) {
    for offset in 0..<word.utf8CodeUnitCount { try expect((word.utf8Start + offset).pointee, line) }
  }

  private mutating func skipNumber(_ line: Span<UInt8>) throws(Failure) {
    _ = take(0x2D, line)
    if !take(0x30, line) { try skipDigits(line) }
    if take(0x2E, line) { try skipDigits(line) }
    if take(0x65, line) || take(0x45, line) {
      if !take(0x2B, line) { _ = take(0x2D, line) }
      try skipDigits(line)
    }
    if let next = peek(line), (0x30...0x39).contains(next) { throw failure(.invalidNumber) }
  }

  private mutating func skipDigits(_ line: Span<UInt8>) throws(Failure) {
    let start = at
    while let byte = peek(line), (0x30...0x39).contains(byte) { at += 1 }
    if at == start { throw failure(.invalidNumber) }
  }
}
