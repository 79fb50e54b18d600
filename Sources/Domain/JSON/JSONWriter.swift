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
    comma()
    bytes.append(0x22)
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(0x22)
    bytes.append(0x3A)
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
    for position in 0..<value.count {
      let byte = value[position]
      guard byte < 0x20 || byte == 0x22 || byte == 0x5C else { continue }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: value[start..<position]))
      escape(byte)
      start = position + 1
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: value[start...]))
    bytes.append(0x22)
    needsComma = true
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
