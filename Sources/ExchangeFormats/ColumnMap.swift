/// Which column of a table means what, and how its columns are divided.
public struct ColumnMap: Sendable, Hashable {
  public struct Column: Sendable, Hashable {
    /// From 1.
    public let number: Int
    /// The heading as written, or nil when the table has none.
    public let name: String?
    /// What the column is taken for, or nil when it is not used.
    public let role: ColumnRole?
  }

  /// The highest column number that a table can have: a line is no longer than this in bytes.
  static let highestColumn = 65_536

  /// One ASCII byte.
  public let delimiter: UInt8
  public let hasHeader: Bool
  /// How many columns every row must have, or nil when it need only reach the last column used.
  public let columnCount: Int?
  /// In order of their numbers; exactly one has the role of the address.
  public let columns: [Column]

  init(delimiter: UInt8, hasHeader: Bool, columnCount: Int?, columns: [Column]) {
    self.delimiter = delimiter
    self.hasHeader = hasHeader
    self.columnCount = columnCount
    self.columns = columns
  }

  init(firstColumnIsAddressWithDelimiter delimiter: UInt8) {
    self.init(
      delimiter: delimiter, hasHeader: false, columnCount: nil,
      columns: [Column(number: 1, name: nil, role: .address)])
  }

  /// Reads `address=2,note=comment`: a role, and the number from 1 or the heading of its column.
  ///
  /// Headings can be named only where `header` gives them. Throws ``IntakeRefusal`` for a role or column
  /// that does not exist, one named twice, and when no column is given for the address.
  public init(
    spec: String, header: [String]? = nil, delimiter: UInt8 = 0x2C
  ) throws(IntakeRefusal) {
    let roles = try ColumnSpec(spec).roles(header: header, columnCount: header?.count)
    guard roles.values.contains(.address) else { throw .columnsWithoutAddress }
    let numbers = header.map { Array(1...max($0.count, 1)) } ?? roles.keys.sorted()
    self.init(
      delimiter: delimiter, hasHeader: header != nil, columnCount: header?.count,
      columns: numbers.map { number in
        let name = header.flatMap { number <= $0.count ? $0[number - 1] : nil }
        return Column(number: number, name: name, role: roles[number])
      })
  }
}

extension ColumnMap: CustomStringConvertible {
  /// One line for each column, such as `column 2 "URL" → address`; past 50, the unused are only counted.
  public var description: String {
    let shown = columns.count > 50 ? columns.filter { $0.role != nil } : columns
    var lines = shown.map { column in
      let name = column.name.map { " \"\(printable($0))\"" } ?? ""
      return "column \(column.number)\(name) → \(column.role?.rawValue ?? "not used")"
    }
    if shown.count < columns.count { lines.append("\(columns.count - shown.count) other columns → not used") }
    return lines.joined(separator: "\n")
  }
}

/// The text fit for a terminal and a message: control characters replaced, cut at 40 characters.
func printable(_ text: String) -> String {
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars.prefix(40) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: shown.append("\u{FFFD}")
    default: shown.append(scalar)
    }
  }
  return String(shown) + (text.unicodeScalars.count > 40 ? "…" : "")
}
