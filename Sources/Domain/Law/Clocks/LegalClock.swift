/// The periods of Regulation (EU) 2021/784, and the one house clock that stands beside them; each a named value.
///
/// The raw value is the number that the board, the journal and the legal map use; it never changes its meaning.
public enum LegalClock: String, Sendable, Hashable, CaseIterable, Comparable {
  /// Article 3(2): twelve hours between the first-contact information and the first order to a provider.
  case firstContact = "C1"
  /// Article 3(3): one hour from receipt to removal or disabling in all Member States.
  case removal = "C2"
  /// Article 3(6): feedback with the time of removal, without undue delay.
  case feedback = "C3"
  /// Article 3(7) and (8): telling the issuing authority of an obstacle, without undue delay.
  case obstacle = "C4"
  /// Article 4(1): the copy to the home authority, at the same time as the order.
  case copy = "C5"
  /// Article 4(3): 72 hours from the copy for scrutiny on the home authority's own initiative.
  case ownScrutiny = "C6"
  /// Article 4(4): 48 hours for a reasoned request for scrutiny.
  case scrutinyRequest = "C7"
  /// Article 4(4): 72 hours from the request for a reasoned decision, always.
  case requestedScrutiny = "C8"
  /// Article 4(7): reinstatement at once after a decision that finds an infringement.
  case reinstatement = "C9"
  /// Article 4(5) and (6): telling those concerned of the decision without delay.
  case scrutinyNotice = "C10"
  /// Article 11(3): non-disclosure, six weeks, and six more at most.
  case nonDisclosure = "C11"
  /// Article 6(2): six months of preservation.
  case preservation = "C12"
  /// Article 3(9): the national period for appeal, after which an order is final.
  case appeal = "C13"
  /// Article 5(4): the twelve months in which final orders are counted.
  case exposureWindow = "C14"
  /// Article 5(5): the report on specific measures, after three months, then every year.
  case measuresReport = "C15"
  /// Article 5(7): three months for the decision on a request for review or revocation.
  case exposureReview = "C16"
  /// Article 10(2): two weeks to tell the outcome of a complaint.
  case complaint = "C17"
  /// Article 7(2): the provider's transparency report, before 1 March.
  case providerReport = "C18"
  /// Article 21(1): the Member State's data to the Commission, by 31 March.
  case commissionReport = "C19"
  /// Article 14(5): telling the authorities of an imminent threat to life, promptly.
  case threatToLife = "C20"

  /// The name for commands and programs, such as `own_scrutiny`.
  public var name: String {
    switch self {
    case .firstContact: "first_contact"
    case .removal: "removal"
    case .feedback: "feedback"
    case .obstacle: "obstacle"
    case .copy: "copy"
    case .ownScrutiny: "own_scrutiny"
    case .scrutinyRequest: "scrutiny_request"
    case .requestedScrutiny: "requested_scrutiny"
    case .reinstatement: "reinstatement"
    case .scrutinyNotice: "scrutiny_notice"
    case .nonDisclosure: "non_disclosure"
    case .preservation: "preservation"
    case .appeal: "appeal"
    case .exposureWindow: "exposure_window"
    case .measuresReport: "measures_report"
    case .exposureReview: "exposure_review"
    case .complaint: "complaint"
    case .providerReport: "provider_report"
    case .commissionReport: "commission_report"
    case .threatToLife: "threat_to_life"
    }
  }

  /// The clock of that number (`C2`, in either case) or name (`removal`, also with hyphens); nil where there is none.
  public init?(named text: String) {
    let wanted = text.lowercased().split(separator: "-", omittingEmptySubsequences: false).joined(separator: "_")
    guard let clock = Self.allCases.first(where: { $0.name == wanted || $0.rawValue.lowercased() == wanted })
    else { return nil }
    self = clock
  }

  /// In the order of their numbers.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }

  private var number: Int { Int(rawValue.dropFirst()) ?? 0 }
}
