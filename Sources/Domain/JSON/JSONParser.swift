/// A recursive-descent reader of RFC 8259 over bytes, with a bound on depth.
struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONFault) -> JSONValue {
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw .syntax(at: position) }
    return value
  }

  private mutating func value() throws(JSONFault) -> JSONValue {
    skipSpace()
    guard let byte = peek else { throw .syntax(at: position) }
    switch byte {
    case 0x7B: return .object(try object())
    case 0x5B: return .array(try array())
    case 0x22: return .string(try string())
    case 0x74: return try literal("true", .boolean(true))
    case 0x66: return try literal("false", .boolean(false))
    case 0x6E: return try literal("null", .null)
    default: return .integer(try integer())
    }
  }

  private mutating func object() throws(JSONFault) -> JSONObject {
    try descend()
    var members: [JSONObject.Member] = []
    var keys = KeySet()
    skipSpace()
    if !take(0x7D) {
      repeat {
        skipSpace()
        let key = try string()
        guard keys.insert(key) else { throw .repeatedKey(key) }
        skipSpace()
        guard take(0x3A) else { throw .syntax(at: position) }
        members.append(JSONObject.Member(key: key, value: try value()))
        skipSpace()
      } while take(0x2C)
      guard take(0x7D) else { throw .syntax(at: position) }
    }
    depth -= 1
    return JSONObject(members: members)
  }

  private mutating func array() throws(JSONFault) -> [JSONValue] {
    try descend()
    var values: [JSONValue] = []
    skipSpace()
    if !take(0x5D) {
      repeat {
        values.append(try value())
        skipSpace()
      } while take(0x2C)
      guard take(0x5D) else { throw .syntax(at: position) }
    }
    depth -= 1
    return values
  }

  private mutating func string() throws(JSONFault) -> String {
    guard take(0x22) else { throw .syntax(at: position) }
    let start = position
    while let byte = peek, byte != 0x22, byte != 0x5C, byte >= 0x20 { position += 1 }
    if peek == 0x22 {
      guard let text = String(validating: bytes[start..<position], as: UTF8.self) else { throw .syntax(at: start) }
      position += 1
      return text
    }
    return try stringWithEscapes(from: start)
  }

  private mutating func stringWithEscapes(from start: Int) throws(JSONFault) -> String {
    var decoded = Array(bytes[start..<position])
    while let byte = peek {
      position += 1
      switch byte {
      case 0x22:
        guard let text = String(validating: decoded, as: UTF8.self) else { throw .syntax(at: start) }
        return text
      case 0x5C: try escape(into: &decoded)
      case 0..<0x20: throw .syntax(at: position - 1)
      default: decoded.append(byte)
      }
    }
    throw .syntax(at: position)
  }

  private mutating func escape(into decoded: inout [UInt8]) throws(JSONFault) {
    guard let byte = peek else { throw .syntax(at: position) }
    position += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: decoded.append(byte)
    case 0x62: decoded.append(0x08)
    case 0x66: decoded.append(0x0C)
    case 0x6E: decoded.append(0x0A)
    case 0x72: decoded.append(0x0D)
    case 0x74: decoded.append(0x09)
    case 0x75:
      var unit = UInt32(try fourHexDigits())
      if (0xD800..<0xDC00).contains(unit) {
        guard take(0x5C), take(0x75) else { throw .syntax(at: position) }
        let low = UInt32(try fourHexDigits())
        guard (0xDC00..<0xE000).contains(low) else { throw .syntax(at: position) }
        unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw .syntax(at: position) }
      decoded.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
    default: throw .syntax(at: position - 1)
    }
  }

  private mutating func fourHexDigits() throws(JSONFault) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek, let nibble = Hex.value(of: byte) else { throw .syntax(at: position) }
      value = value << 4 | UInt16(nibble)
      position += 1
    }
    return value
  }

  private mutating func integer() throws(JSONFault) -> Int64 {
    let start = position
    let negative = take(0x2D)
    var value: Int64 = 0
    let firstDigit = position
    while let byte = peek, (0x30...0x39).contains(byte) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      // Downwards: the smallest integer has no positive counterpart.
      let (sum, carried) = product.subtractingReportingOverflow(Int64(byte - 0x30))
      guard !overflow, !carried else { throw .notAnInteger(at: start) }
      value = sum
      position += 1
    }
    let digits = position - firstDigit
    guard digits > 0 else { throw .syntax(at: start) }
    guard digits == 1 || bytes[firstDigit] != 0x30 else { throw .syntax(at: start) }
    if let byte = peek, byte == 0x2E || byte == 0x65 || byte == 0x45 { throw .notAnInteger(at: start) }
    if negative { return value }
    guard value != .min else { throw .notAnInteger(at: start) }
    return -value
  }

  private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes[position...].starts(with: expected) else { throw .syntax(at: position) }
    position += expected.count
    return value
  }

  private mutating func descend() throws(JSONFault) {
    position += 1
    depth += 1
    guard depth <= 64 else { throw .tooDeep }
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }
}

/// The keys of one object, few of which are looked through quicker than hashed.
private struct KeySet {
  private static let few = 16

  private var list: [String] = []
  private var set: Set<String> = []

  /// False where the key is there already.
  mutating func insert(_ key: String) -> Bool {
    if list.count < Self.few {
      guard !list.contains(key) else { return false }
      list.append(key)
      if list.count == Self.few { set = Set(list) }
      return true
    }
    return set.insert(key).inserted
  }
}
