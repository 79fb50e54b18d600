public import Domain

/// One thing that a role allows.
public enum Permission: String, Sendable, Hashable, CaseIterable {
  case reportItems = "report_items"
  case openOperations = "open_operations"
  case readItems = "read_items"
  case eraseItems = "erase_items"
  case readJournal = "read_journal"
  case manageUsers = "manage_users"

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
    }
  }

  var holders: String { roles.sorted().map(\.rawValue).joined(separator: ", ") }
}
