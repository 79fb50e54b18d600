public import Casework
import Domain
import Storage

/// A report as one JSON object; entries are pairs of first and last journal index.
public enum ReportJSON {
  public static func encode(_ report: OperationReport) -> [UInt8] {
    var json = JSONWriter(reserving: 65_536)
    json.object { json in
      json.key("at")
      json.instant(report.board.at)
      json.key("handling")
      json.string(report.handling.rawValue)
      json.key("journal_root")
      json.string(report.journalRoot)
      json.key("journal_size")
      json.integer(report.board.journalSize)
      json.key("looks")
      json.integer(report.board.total.looks)
      json.key("operation")
      json.identifier(report.board.operation.id.identifier)
      json.key("parts")
      json.array { json in for part in OperationReport.Part.allCases { write(part, of: report, to: &json) } }
      json.key("providers")
      json.array { json in for card in report.scorecards { write(card, to: &json) } }
      json.key("reports")
      json.integer(report.board.total.reports)
    }
    return json.finish()
  }

  private static func write(_ part: OperationReport.Part, of report: OperationReport, to json: inout JSONWriter) {
    json.object { json in
      json.key("figures")
      json.array { json in
        for figure in part.figures {
          json.object { json in
            json.key("count")
            json.integer(report.board.total[figure])
            json.key("entries")
            json.array { json in
              for range in report.entries[figure] ?? [] {
                json.array { json in
                  json.integer(range.lowerBound)
                  json.integer(range.upperBound)
                }
              }
            }
            json.key("figure")
            json.string(figure.rawValue)
          }
        }
      }
      json.key("part")
      json.string(part.rawValue)
    }
  }

  private static func write(_ card: ProviderScorecard, to json: inout JSONWriter) {
    json.object { json in
      json.key("figures")
      json.array { json in
        for figure in OperationReport.Part.allCases.flatMap(\.figures) {
          json.object { json in
            json.key("count")
            json.integer(card.figures[figure])
            json.key("figure")
            json.string(figure.rawValue)
          }
        }
      }
      json.key("median_seconds_to_answer")
      if let seconds = card.medianToAnswer { json.integer(seconds) } else { json.null() }
      json.key("median_seconds_to_seen_gone")
      if let seconds = card.medianToSeenGone { json.integer(seconds) } else { json.null() }
      json.key("name")
      if let name = card.provider.name { json.string(name) } else { json.null() }
    }
  }
}
