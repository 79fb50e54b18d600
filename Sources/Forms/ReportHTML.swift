public import Casework
import Domain
import Storage

/// A report as one HTML page that needs nothing else: no script, no other file, printable.
///
/// Each figure opens the list of the journal entries that it counts.
public enum ReportHTML {
  public static func encode(_ report: OperationReport) -> String {
    let name = escape(report.board.operation.name ?? "Operation \(report.board.operation.id)")
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>\(name)</title><style>\(style)</style></head><body><main>
      <p class="handling">Handling: \(report.handling.rawValue)</p>
      <h1><bdi>\(name)</bdi></h1>
      <p>As of \(report.board.at), from the first \(report.board.journalSize) entries of the journal, whose root is
      <code>\(report.journalRoot)</code>. \(report.board.total.reports) reports,
      \(report.board.total.looks) looks. Taking part: \(participants(report)).</p>
      \(OperationReport.Part.allCases.map { section($0, of: report) }.joined(separator: "\n"))
      \(providers(report))
      \(outlets(report))
      <footer><p>Each number is a count of items of the operation; behind it are the journal's entries that it counts.
      “Seen” is what our own looks found, from one vantage point; an item went between the last look that found it
      live and the first that found it gone. A provider's claim is a claim.</p></footer>
      </main></body></html>

      """
  }

  private static let style = """
    :root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem}
    table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #8886;padding:.3rem .5rem;text-align:right}
    td:first-child,th:first-child{text-align:left}code{overflow-wrap:anywhere}.handling{font-weight:bold}
    details p{max-height:20rem;overflow:auto;font:13px/1.5 ui-monospace,monospace}
    summary{cursor:pointer;min-height:24px}@media print{details:not([open])>p{display:none}}
    """

  private static func participants(_ report: OperationReport) -> String {
    report.board.participants.map { "<bdi>\(escape($0.name ?? "an agency"))</bdi>" }.joined(separator: ", ")
  }

  private static func section(_ part: OperationReport.Part, of report: OperationReport) -> String {
    let rows = part.figures.map { figure in
      """
      <tr id="\(figure.rawValue)"><td><details><summary>\(ReportWords.title(figure))</summary>
      <p>\(entries(report.entries[figure] ?? []))</p></details></td><td>\(report.board.total[figure])</td></tr>
      """
    }
    return "<h2>\(ReportWords.title(part))</h2><table>\(rows.joined(separator: "\n"))</table>"
  }

  private static func entries(_ ranges: [ClosedRange<Int64>]) -> String {
    guard !ranges.isEmpty else { return "No entry." }
    return "Journal entries: "
      + ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }.joined(separator: ", ")
  }

  private static func providers(_ report: OperationReport) -> String {
    let rows = report.scorecards.map { card in
      let cells = [Figure.referred, .answered, .claimedGone, .refused, .seenGone, .contradicted, .reappeared].map {
        "<td>\(card.figures[$0])</td>"
      }
      return """
        <tr><td><bdi>\(escape(card.provider.name ?? "–"))</bdi></td>\(cells.joined())
        <td>\(ReportWords.duration(card.medianToAnswer))</td><td>\(ReportWords.duration(card.medianToSeenGone))</td></tr>
        """
    }
    return """
      <h2>Provider by provider</h2><table><tr><th>Provider</th><th>Referred</th><th>Answered</th><th>Claimed gone</th>
      <th>Refused</th><th>Seen gone</th><th>Claimed, seen live</th><th>Seen again</th><th>Median to answer</th>
      <th>Median to seen gone</th></tr>\(rows.joined(separator: "\n"))</table>
      """
  }

  private static func outlets(_ report: OperationReport) -> String {
    guard !report.outlets.isEmpty else { return "" }
    let rows = report.outlets.map { outlet in
      """
      <tr><td><bdi>\(escape(outlet.name ?? "–"))</bdi></td><td>\(ReportWords.mean(outlet.postsBefore))</td>
      <td>\(ReportWords.mean(outlet.postsSince))</td><td>\(outlet.days)</td></tr>
      """
    }
    return """
      <h2>Outlets</h2><table><tr><th>Outlet</th><th>Posts a day before</th><th>Posts a day since</th>
      <th>Days seen</th></tr>\(rows.joined(separator: "\n"))</table>
      """
  }

  static func escape(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
