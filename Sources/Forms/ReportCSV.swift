public import Casework
import Domain
public import Storage

/// A report as CSV (RFC 4180): one row for each figure of each provider, then of all.
public enum ReportCSV {
  public static func encode(_ report: OperationReport) -> String {
    var rows = ["part,figure,provider,count"]
    for part in OperationReport.Part.allCases {
      for figure in part.figures {
        for entry in report.board.providers {
          let name = entry.provider.name ?? ""
          rows.append("\(part.rawValue),\(figure.rawValue),\(cell(name)),\(entry.figures[figure])")
        }
        rows.append("\(part.rawValue),\(figure.rawValue),all,\(report.board.total[figure])")
      }
    }
    return rows.joined(separator: "\r\n") + "\r\n"
  }

  /// The entries behind a figure: one journal index a row.
  public static func entries(of figure: Figure, in report: OperationReport) -> String {
    "journal_index\r\n" + (report.entries[figure] ?? []).flatMap { $0.map { "\($0)\r\n" } }.joined()
  }

  /// Quoted, and defused: a spreadsheet would run what begins like a formula.
  static func cell(_ text: String) -> String {
    let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
    let safe = (isFormula ? "'" : "") + text
    guard safe.contains(where: { ",\"\r\n".contains($0) }) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }
}
