/// Writes the canonical JSON of RFC 8785 for the subset that events use.
///
/// Keys are ASCII and come in ascending order, numbers are integers within ±(2^53 - 1); the caller
/// keeps the order and a debug build checks it. What is written once is hashed and never re-encoded.
public struct JSONWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false
  #if DEBUG
    private var lastKeys: [String] = []
  #endif

  public init(reserving capacity: Int = 256) {
    bytes.reserveCapacity(capacity)
  }

  public mutating func object(_ body: (inout JSONWriter) -> Void) {
    comma()
    bytes.append(0x7B)
    needsComma = false
    #if DEBUG
      lastKeys.append("")
    #endif
    body(&self)
    #if DEBUG
      lastKeys.removeLast()
    #endif
    bytes.append(0x7D)
    needsComma = true
  }

  public mutating func array(_ body: (inout JSONWriter) -> Void) {
    comma()
    bytes.append(0x5B)
    needsComma = false
    body(&self)
    bytes.append(0x5D)
    needsComma = true
  }

  public mutating func key(_ name: StaticString) {
    #if DEBUG
      precondition(lastKeys.last.map { $0 < "\(name)" } ?? false, "keys out of order: \(name)")
      lastKeys[lastKeys.count - 1] = "\(name)"
    #endif
    let count = name.utf8CodeUnitCount
    // Comma, quotes, name and colon go in at once.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 4) { text in
      text[0] = 0x2C
      text[1] = 0x22
      for position in 0..<count { text[position + 2] = name.utf8Start[position] }
      text[count + 2] = 0x22
      text[count + 3] = 0x3A
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[(needsComma ? 0 : 1)...]))
    }
    needsComma = false
  }

  public mutating func null() { literal("null") }
  public mutating func boolean(_ value: Bool) { literal(value ? "true" : "false") }

  public mutating func integer(_ value: Int64) {
    comma()
    if value < 0 { bytes.append(0x2D) }
    var rest = value.magnitude
    let start = bytes.count
    repeat {
      bytes.append(0x30 + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
    needsComma = true
  }

  public mutating func identifier(_ value: Identifier) {
    comma()
    bytes.append(0x22)
    value.appendText(to: &bytes)
    bytes.append(0x22)
    needsComma = true
  }

  public mutating func instant(_ value: Instant) {
    comma()
    bytes.append(0x22)
    bytes.append(contentsOf: value.rfc3339)
    bytes.append(0x22)
    needsComma = true
  }

  public mutating func hex(_ value: [UInt8]) {
    comma()
    bytes.append(0x22)
    Hex.append(value, to: &bytes)
    bytes.append(0x22)
    needsComma = true
  }

  public mutating func string(_ value: String) {
    var value = value
    value.withUTF8 { string(utf8: $0) }
  }

  /// The bytes must be well-formed UTF-8; RFC 8785 escapes only what JSON must escape.
  public mutating func string(utf8 value: [UInt8]) {
    value.withUnsafeBufferPointer { string(utf8: $0) }
  }

  private mutating func string(utf8 value: UnsafeBufferPointer<UInt8>) {
    comma()
    bytes.append(0x22)
    // Runs without an escape, which nearly every text is as a whole, are copied at once.
    var start = 0
    while let position = Self.firstEscape(in: value, from: start) {
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: value[start..<position]))
      escape(value[position])
      start = position + 1
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: value[start...]))
    bytes.append(0x22)
    needsComma = true
  }

  /// Where the next byte stands that JSON must escape; eight bytes are looked at together.
  private static func firstEscape(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    let raw = UnsafeRawBufferPointer(text)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var position = start
    while position + 8 <= raw.count {
      let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      let quote = word ^ (ones &* 0x22)
      let backslash = word ^ (ones &* 0x5C)
      // The top bit of a byte is set where it is below 0x20, a quote or a backslash ("Bit Twiddling Hacks": a word
      // has a byte less than n); a false alarm further up only leads to the byte by byte look below.
      let found =
        ((word &- ones &* 0x20) & ~word) | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
      if found & tops != 0 { break }
      position += 8
    }
    while position < raw.count {
      let byte = raw[position]
      if byte < 0x20 || byte == 0x22 || byte == 0x5C { return position }
      position += 1
    }
    return nil
  }

  /// Ends a line of JSON Lines; the next value stands by itself.
  public mutating func endLine() {
    bytes.append(0x0A)
    needsComma = false
  }

  /// What is written next is a JSON text of its own, right behind the last one.
  public mutating func beginText() { needsComma = false }

  /// What was written, without a copy of it.
  public consuming func finish() -> [UInt8] { bytes }

  /// Forgets what was written and keeps the room for it.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(0x5C)
    switch byte {
    case 0x22, 0x5C: bytes.append(byte)
    case 0x08: bytes.append(0x62)
    case 0x09: bytes.append(0x74)
    case 0x0A: bytes.append(0x6E)
    case 0x0C: bytes.append(0x66)
    case 0x0D: bytes.append(0x72)
    default:
      bytes.append(contentsOf: [0x75, 0x30, 0x30])
      bytes.append(Hex.digit(byte >> 4))
      bytes.append(Hex.digit(byte & 15))
    }
  }

  private mutating func literal(_ text: StaticString) {
    comma()
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    needsComma = true
  }

  private mutating func comma() {
    if needsComma { bytes.append(0x2C) }
  }
}
