/// What a person says with `--columns`: roles, each with the number or the heading of its column.
struct ColumnSpec {
  private let pairs: [(role: ColumnRole, column: String)]

  init(_ spec: String) throws(IntakeRefusal) {
    var pairs: [(role: ColumnRole, column: String)] = []
    for part in spec.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let role = sides.first.map { ColumnSpec.trim($0) } ?? ""
      let column = sides.count == 2 ? ColumnSpec.trim(sides[1]) : ""
      guard let role = ColumnRole(rawValue: role), !column.isEmpty else {
        throw .malformedSpec(String(part))
      }
      if pairs.contains(where: { $0.role == role }) { throw .roleTwice(role) }
      pairs.append((role, column))
    }
    self.pairs = pairs
  }

  /// Whether a column is named by its heading, so that the table must have a header.
  var namesHeadings: Bool { pairs.contains { Int($0.column) == nil } }

  /// The role of each column that is named; `columnCount` is nil where it is not known.
  func roles(header: [String]?, columnCount: Int?) throws(IntakeRefusal) -> [Int: ColumnRole] {
    var roles: [Int: ColumnRole] = [:]
    for (role, column) in pairs {
      let number = try number(of: column, header: header, columnCount: columnCount)
      if roles.updateValue(role, forKey: number) != nil { throw .columnTwice(column) }
    }
    return roles
  }

  private func number(
    of column: String, header: [String]?, columnCount: Int?
  ) throws(IntakeRefusal) -> Int {
    // A heading wins over a number: a column may be headed "2024".
    let wanted = column.lowercased()
    let matches = (header ?? []).indices.filter {
      ColumnSpec.trim((header ?? [])[$0][...]).lowercased() == wanted
    }
    if matches.count > 1 { throw .ambiguousHeading(column) }
    if let index = matches.first { return index + 1 }
    guard let number = Int(column), number >= 1, number <= columnCount ?? ColumnMap.highestColumn else {
      throw .unknownColumn(column, header ?? [])
    }
    return number
  }

  private static func trim(_ text: Substring) -> String {
    let kept = text.drop { $0 == " " || $0 == "\t" }
    guard let last = kept.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return String(kept[...last])
  }
}
