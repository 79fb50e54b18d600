/// A set of query parameter names: exact ones, and beginnings written as `utm_*`.
///
/// ASCII case does not matter. Asking costs a look at the first byte for most names.
public struct ParameterNames: Sendable, Hashable {
  /// The names as they were written, in order.
  public let names: [String]
  private let byFirst: [[Entry]]

  private struct Entry: Sendable, Hashable {
    let name: [UInt8]
    let isPrefix: Bool
  }

  public static let none = ParameterNames([])

  public init(_ names: [String]) {
    self.names = names
    var table = [[Entry]](repeating: [], count: names.isEmpty ? 0 : 128)
    for name in names {
      var bytes = name.utf8.map(ASCII.lowercased)
      let isPrefix = bytes.last == UInt8(ascii: "*")
      if isPrefix { bytes.removeLast() }
      guard let first = bytes.first, first < 128 else { continue }
      table[Int(first)].append(Entry(name: bytes, isPrefix: isPrefix))
    }
    byFirst = table
  }

  /// Whether the name in `bytes[range]` is one of them.
  func contains(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    guard !byFirst.isEmpty, !range.isEmpty else { return false }
    let first = ASCII.lowercased(bytes[range.lowerBound])
    guard first < 128 else { return false }
    for entry in byFirst[Int(first)] {
      let count = entry.name.count
      guard entry.isPrefix ? range.count >= count : range.count == count else { continue }
      if ASCII.equalsIgnoringCase(bytes, range.lowerBound, entry.name) { return true }
    }
    return false
  }
}
