import Domain

/// Reads one response after another from the bytes of a connection, in whatever pieces they come.
///
/// It holds a head until it is whole and nothing of a body; its work is linear in the bytes, however they are cut.
struct ResponseReader {
  /// Chunk extensions and trailers say nothing to us: a line of them that is longer than this ends the reading.
  private static let longestLine = 4_096

  private enum State {
    case head
    case body(left: Int)
    case untilClose
    case chunkSize(Int, digits: Int)
    case chunkExtension(Int)
    case chunk(left: Int)
    case chunkEnd
    case trailer(lineLength: Int)
    case complete
  }

  private var state = State.head
  private var pending: [UInt8] = []
  private var lineLength = 0
  private let headLimit: Int
  private var headBytes = 0
  /// Whether the peer keeps the connection for another request.
  private(set) var keepsAlive = false

  init(headLimit: Int) { self.headLimit = headLimit }

  enum Outcome: Equatable {
    case more
    /// `isExact`: nothing came behind the response.
    case complete(isExact: Bool)
  }

  /// Hands the head and the pieces of the body to `exchange`.
  mutating func feed(
    _ bytes: UnsafeBufferPointer<UInt8>, _ exchange: any HTTPExchange
  ) throws(ResponseFault) -> Outcome {
    var rest = bytes
    while !rest.isEmpty {
      switch state {
      case .head:
        guard try readHead(&rest, exchange) else { return .more }
      case .complete: return .complete(isExact: false)
      default: try readBody(&rest, exchange)
      }
    }
    if case .complete = state { return .complete(isExact: true) }
    return .more
  }

  /// The connection has ended: whether that is where the response ends.
  var mayEndHere: Bool { if case .untilClose = state { true } else { false } }

  private mutating func readHead(
    _ rest: inout UnsafeBufferPointer<UInt8>, _ exchange: any HTTPExchange
  ) throws(ResponseFault) -> Bool {
    let head: ResponseHead
    // Another protocol's greeting is told at once and not waited for.
    guard !pending.isEmpty || zip(rest, "HTTP/".utf8).allSatisfy({ $0 == $1 }) else { throw .malformed }
    if pending.isEmpty {
      guard let end = HeadLines.end(of: rest, searched: 0) else {
        try hold(rest)
        return false
      }
      try count(end)
      head = try ResponseHead(UnsafeBufferPointer(rebasing: rest[..<end]))
      rest = UnsafeBufferPointer(rebasing: rest[end...])
    } else {
      let searched = pending.count
      pending.append(contentsOf: rest)
      guard let end = pending.withUnsafeBufferPointer({ HeadLines.end(of: $0, searched: searched) }) else {
        guard headBytes + pending.count <= headLimit else { throw .malformed }
        return false
      }
      try count(end)
      head = try pending.withUnsafeBufferPointer { (held) throws(ResponseFault) in
        try ResponseHead(UnsafeBufferPointer(rebasing: held[..<end]))
      }
      rest = UnsafeBufferPointer(rebasing: rest[(end - searched)...])
      pending = []
    }
    try begin(head, exchange)
    return true
  }

  private mutating func hold(_ bytes: UnsafeBufferPointer<UInt8>) throws(ResponseFault) {
    guard headBytes + bytes.count <= headLimit else { throw .malformed }
    pending = Array(bytes)
  }

  /// Heads of 1xx responses count together with the one that follows them.
  private mutating func count(_ bytes: Int) throws(ResponseFault) {
    headBytes += bytes
    guard headBytes <= headLimit else { throw .malformed }
  }

  private mutating func begin(_ head: ResponseHead, _ exchange: any HTTPExchange) throws(ResponseFault) {
    // Nobody asked for another protocol.
    guard head.status != 101 else { throw .malformed }
    if head.status < 200 { return }
    keepsAlive = head.keepsAlive
    exchange.received(head)
    switch head.framing {
    case .length(0): state = .complete
    case .length(let length): state = .body(left: length)
    case .chunked: state = .chunkSize(0, digits: 0)
    case .untilClose: state = .untilClose
    }
  }

  private mutating func readBody(
    _ rest: inout UnsafeBufferPointer<UInt8>, _ exchange: any HTTPExchange
  ) throws(ResponseFault) {
    switch state {
    case .body(let left):
      let piece = take(left, from: &rest)
      state = piece.count == left ? .complete : .body(left: left - piece.count)
      exchange.received(piece)
    case .untilClose:
      exchange.received(take(rest.count, from: &rest))
    case .chunk(let left):
      let piece = take(left, from: &rest)
      state = piece.count == left ? .chunkEnd : .chunk(left: left - piece.count)
      lineLength = 0
      exchange.received(piece)
    default:
      let byte = rest[0]
      rest = UnsafeBufferPointer(rebasing: rest[1...])
      lineLength += 1
      guard lineLength <= Self.longestLine else { throw .malformed }
      try step(byte)
    }
  }

  /// One byte between the data of chunks (RFC 9112, 7.1).
  private mutating func step(_ byte: UInt8) throws(ResponseFault) {
    switch state {
    case .chunkSize(let size, let digits):
      if let digit = Hex.value(of: byte), digits < 15 {
        state = .chunkSize(size * 16 + Int(digit), digits: digits + 1)
      } else if digits > 0, byte == 0x0A {
        endSizeLine(size)
      } else if digits > 0, byte == UInt8(ascii: ";") || byte == 0x0D || byte == 0x20 || byte == 0x09 {
        state = .chunkExtension(size)
      } else {
        throw .malformed
      }
    case .chunkExtension(let size):
      if byte == 0x0A { endSizeLine(size) }
    case .chunkEnd:
      guard byte == 0x0A || (byte == 0x0D && lineLength == 1) else { throw .malformed }
      if byte == 0x0A { (state, lineLength) = (.chunkSize(0, digits: 0), 0) }
    case .trailer(let length):
      if byte == 0x0A {
        (state, lineLength) = (length == 0 ? .complete : .trailer(lineLength: 0), 0)
      } else if byte != 0x0D || length > 0 {
        state = .trailer(lineLength: length + 1)
      }
    default: throw .malformed
    }
  }

  private mutating func endSizeLine(_ size: Int) {
    (state, lineLength) = (size == 0 ? .trailer(lineLength: 0) : .chunk(left: size), 0)
  }

  private func take(_ count: Int, from rest: inout UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    let piece = UnsafeBufferPointer(rebasing: rest[..<min(count, rest.count)])
    rest = UnsafeBufferPointer(rebasing: rest[piece.count...])
    return piece
  }
}
