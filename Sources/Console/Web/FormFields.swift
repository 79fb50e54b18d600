/// What a form sent (application/x-www-form-urlencoded), names repeated as they came.
struct FormFields: Sendable, Hashable {
  private let values: [String: [String]]

  static let empty = FormFields(values: [:])
  /// A thousand items with their stamps, and long reasons.
  static let mostBytes = 512 << 10
  private static let mostFields = 4_096

  private init(values: [String: [String]]) { self.values = values }

  /// Nil where the bytes are no form.
  init?(parsing bytes: some Collection<UInt8>) {
    var values: [String: [String]] = [:]
    let pairs = bytes.split(separator: 0x26)
    guard pairs.count <= Self.mostFields else { return nil }
    for pair in pairs {
      let parts = pair.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decode(parts[0]), let value = parts.count == 2 ? Self.decode(parts[1]) : "" else {
        return nil
      }
      values[name, default: []].append(value)
    }
    self.init(values: values)
  }

  /// The first value of a field; empty ones count as not given.
  subscript(name: String) -> String? {
    values[name]?.first.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The first value without white space at its ends; nil where nothing is left.
  func text(_ name: String) -> String? {
    guard let value = self[name] else { return nil }
    let lines = value.replacing("\r\n", with: "\n")
    let text = lines.trimmingPrefix(while: \.isWhitespace)
    guard let end = text.lastIndex(where: { !$0.isWhitespace }) else { return nil }
    return String(text[...end])
  }

  func all(_ name: String) -> [String] { values[name] ?? [] }

  func contains(_ name: String, _ value: String) -> Bool { all(name).contains(value) }

  private static func decode(_ bytes: some Collection<UInt8>) -> String? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var rest = bytes.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case 0x2B: decoded.append(0x20)
      case 0x25:
        guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
        decoded.append(high << 4 | low)
      default: decoded.append(byte)
      }
    }
    // No record keeps the character NUL.
    return decoded.contains(0) ? nil : String(validating: decoded, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}
