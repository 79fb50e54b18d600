public import Domain

/// One thing that a role allows.
public enum Permission: String, Sendable, Hashable, CaseIterable {
  case reportItems = "report_items"
  case openOperations = "open_operations"
  case readItems = "read_items"
  case eraseItems = "erase_items"
  case readJournal = "read_journal"
  case manageUsers = "manage_users"
  case manageOperations = "manage_operations"
  case openCases = "open_cases"
  case watchOutlets = "watch_outlets"
  case assessItems = "assess_items"
  case confirmAssessments = "confirm_assessments"
  case registerInterests = "register_interests"
  case deconflictItems = "deconflict_items"
  case overrideHolds = "override_holds"
  case referItems = "refer_items"
  case retractReferrals = "retract_referrals"
  case answerReferrals = "answer_referrals"
  case lookAtItems = "look_at_items"

  /// Who may: the whole of authorisation in one table, held by a test against a golden copy.
  public var roles: Set<Role> {
    switch self {
    case .reportItems: [.analyst, .linguist, .coordinator]
    case .openOperations: [.analyst, .coordinator]
    case .readItems:
      [
        .analyst, .linguist, .reviewer, .signatory, .prosecutor, .coordinator, .deconflictionOfficer,
        .evidenceCustodian, .redressOfficer, .auditor,
      ]
    case .eraseItems: [.redressOfficer]
    case .readJournal: [.auditor, .evidenceCustodian, .prosecutor]
    case .manageUsers: [.administrator]
    case .manageOperations: [.coordinator]
    case .openCases: [.prosecutor, .coordinator]
    case .watchOutlets: [.analyst, .coordinator]
    case .assessItems: [.analyst, .linguist]
    case .confirmAssessments: [.reviewer, .signatory]
    case .registerInterests: [.deconflictionOfficer, .prosecutor]
    case .deconflictItems: [.deconflictionOfficer]
    case .overrideHolds: [.coordinator, .prosecutor]
    case .referItems: [.coordinator, .signatory]
    case .retractReferrals: [.coordinator, .signatory, .redressOfficer]
    case .answerReferrals: [.provider]
    case .lookAtItems: [.analyst, .linguist, .reviewer, .signatory, .coordinator]
    }
  }

  /// As it is told to someone who may not.
  var sentence: String {
    switch self {
    case .reportItems: "put items on record"
    case .openOperations: "open an operation"
    case .readItems: "read items"
    case .eraseItems: "erase items"
    case .readJournal: "read the journal"
    case .manageUsers: "manage users and tokens"
    case .manageOperations: "say who takes part in an operation and when its H-hour is"
    case .openCases: "open cases and record what happened in them"
    case .watchOutlets: "watch outlets and relate items"
    case .assessItems: "assess items"
    case .confirmAssessments: "confirm assessments"
    case .registerInterests: "register an investigative interest"
    case .deconflictItems: "deconflict and clear items"
    case .overrideHolds: "override a hold"
    case .referItems: "refer items"
    case .retractReferrals: "retract referrals"
    case .answerReferrals: "answer for a provider"
    case .lookAtItems: "look at pages"
    }
  }

  var holders: String { roles.sorted().map(\.rawValue).joined(separator: ", ") }
}
