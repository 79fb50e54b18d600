import Casework
import Storage

/// What parts and figures of a report are called.
enum ReportWords {
  static func title(_ part: OperationReport.Part) -> String {
    switch part {
    case .referred: "What was referred"
    case .claimed: "What providers claimed"
    case .seen: "What was seen"
    case .cameBack: "What came back"
    }
  }

  static func title(_ figure: Figure) -> String {
    switch figure {
    case .reported: "Items on record"
    case .assessed: "Assessed by a person"
    case .confirmed: "Confirmed by a second person"
    case .rejected: "Found not to be referable"
    case .held: "Held for an investigation"
    case .cleared: "Cleared by deconfliction"
    case .referred: "Referred to their provider"
    case .delivered: "Delivered to their provider"
    case .answered: "Answered"
    case .refused: "Refused"
    case .claimedGone: "Claimed to be gone"
    case .seenGone: "Seen gone by our own looks"
    case .contradicted: "Claimed to be gone, and seen live"
    case .reappeared: "Seen again at the same address"
    case .copies: "Copies and successors of other items"
    case .returned: "Found again elsewhere"
    case .retracted: "Retracted"
    }
  }

  /// Seconds in the largest unit that fits.
  static func duration(_ seconds: Int64?) -> String {
    switch seconds {
    case nil: "–"
    case let seconds? where seconds < 120: "\(seconds) s"
    case let seconds? where seconds < 7_200: "\(seconds / 60) min"
    case let seconds? where seconds < 172_800: "\(seconds / 3_600) h"
    case let seconds?: "\(seconds / 86_400) d"
    }
  }

  static func mean(_ value: Double?) -> String {
    value.map { "\(($0 * 10).rounded() / 10)" } ?? "–"
  }
}
