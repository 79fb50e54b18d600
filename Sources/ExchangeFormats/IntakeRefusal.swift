/// Why a whole file, or what a person said about it, cannot be taken; the description names the way out.
public enum IntakeRefusal: Error, Sendable, Hashable {
  /// The file is of a kind that holds no lines of text, such as "a ZIP archive".
  case binaryFile(String)
  /// The file is text in an encoding other than UTF-8, such as "UTF-16".
  case otherEncoding(String)
  case jsonArray
  /// No column can be the address; the columns are named by their headings or their first cells.
  case noAddressColumn([String])
  /// `--columns` names a column that the table does not have; the headings follow.
  case unknownColumn(String, [String])
  case ambiguousHeading(String)
  case malformedSpec(String)
  case roleTwice(ColumnRole)
  case columnTwice(String)
  case columnsWithoutAddress
  /// `--columns` is given for a format that has none.
  case columnsWithoutTable(IntakeFormat)
}

extension IntakeRefusal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .binaryFile(let kind):
      "This is \(kind), not a list of addresses; export the addresses as CSV or plain text in UTF-8."
    case .otherEncoding(let name):
      "This file is text in \(name); convert it first: iconv -f \(name) -t UTF-8 FILE > FILE.utf8"
    case .jsonArray:
      "This file is one JSON array, not one object a line; convert it first: jq -c '.[]' FILE > FILE.jsonl"
    case .noAddressColumn(let columns):
      "No column holds addresses; the columns are \(Self.list(columns)). "
        + "Say which one does, for example --columns address=\(columns.count > 1 ? 2 : 1)"
    case .unknownColumn(let column, let headings):
      "There is no column \"\(printable(column))\"; "
        + (headings.isEmpty
          ? "name a column by its number, from 1." : "the columns are \(Self.list(headings)).")
    case .ambiguousHeading(let column):
      "Several columns are headed \"\(printable(column))\"; name the column by its number."
    case .malformedSpec(let part):
      "\"\(printable(part))\" does not say what a column is; write ROLE=COLUMN, for example "
        + "address=2,note=comment, where ROLE is one of "
        + ColumnRole.allCases.map(\.rawValue).joined(separator: ", ") + "."
    case .roleTwice(let role):
      "--columns gives two columns for \(role.rawValue); give one."
    case .columnTwice(let column):
      "--columns gives column \"\(printable(column))\" two meanings; give it one."
    case .columnsWithoutAddress:
      "--columns names no column for the address; add for example address=1."
    case .columnsWithoutTable(let format):
      "--columns has no meaning for the format \(format.rawValue); leave it out, or add --format csv."
    }
  }

  private static func list(_ columns: [String]) -> String {
    let shown = columns.prefix(20).enumerated().map { "\($0.offset + 1) \"\(printable($0.element))\"" }
    return shown.joined(separator: ", ") + (columns.count > 20 ? " and \(columns.count - 20) more" : "")
  }
}
