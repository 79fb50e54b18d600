public import Domain

extension ReadTransaction {
  private static let operationSelect = """
    SELECT operations.id, openers.id, operations.name, operations.opened_at, operations.h_hour
    FROM operations JOIN agencies AS openers ON openers.row = operations.agency
      JOIN participants ON participants.operation = operations.row
      JOIN agencies ON agencies.row = participants.agency
    """

  private static func operation(_ row: any Row) throws -> Operation {
    Operation(
      id: ID(try row.identifier(0)), agency: ID(try row.identifier(1)), name: row.optionalText(2),
      openedAt: row.instant(3), hHour: row.isNull(4) ? nil : row.instant(4))
  }

  /// The operations in which an agency takes part.
  public func operations(of agency: ID<Agency>) throws -> [Operation] {
    try connection.rows(
      "\(Self.operationSelect) WHERE agencies.id = ? ORDER BY operations.row", [.identifier(agency.identifier)],
      Self.operation)
  }

  /// The operation; nil where there is none or the agency takes no part in it.
  public func operation(_ id: ID<Operation>, of agency: ID<Agency>) throws -> Operation? {
    try connection.first(
      "\(Self.operationSelect) WHERE operations.id = ? AND agencies.id = ?",
      [.identifier(id.identifier), .identifier(agency.identifier)], Self.operation)
  }

  /// Who takes part, in the order in which they joined.
  public func participants(of operation: ID<Operation>) throws -> [Agency] {
    try connection.rows(
      """
      SELECT agencies.id, agencies.name FROM participants JOIN agencies ON agencies.row = participants.agency
        JOIN operations ON operations.row = participants.operation
      WHERE operations.id = ? ORDER BY agencies.row
      """, [.identifier(operation.identifier)]
    ) { Agency(id: ID(try $0.identifier(0)), name: $0.optionalText(1)) }
  }

  private static let outletSelect = """
    SELECT outlets.id, agencies.id, operations.id, outlets.name, outlets.review_at
    FROM outlets JOIN agencies ON agencies.row = outlets.agency
      LEFT JOIN operations ON operations.row = outlets.operation
    """

  private static func outlet(_ row: any Row) throws -> Outlet {
    Outlet(
      id: ID(try row.identifier(0)), agency: ID(try row.identifier(1)),
      operation: row.isNull(2) ? nil : ID(try row.identifier(2)), name: row.optionalText(3), reviewAt: row.instant(4))
  }

  /// The outlets that an agency watches.
  public func outlets(of agency: ID<Agency>) throws -> [Outlet] {
    try connection.rows(
      "\(Self.outletSelect) WHERE agencies.id = ? ORDER BY outlets.row", [.identifier(agency.identifier)], Self.outlet)
  }

  public func hasOutlet(nameDigest: [UInt8], of agency: ID<Agency>) throws -> Bool {
    try connection.first(
      "\(Self.outletSelect) WHERE agencies.id = ? AND outlets.name_digest = ?",
      [.identifier(agency.identifier), .blob(nameDigest)], Self.outlet) != nil
  }

  /// What was seen of an outlet, day by day.
  public func observations(of outlet: ID<Outlet>) throws -> [OutletDay] {
    try connection.rows(
      """
      SELECT day, posts, accounts, reach FROM observations JOIN outlets ON outlets.row = observations.outlet
      WHERE outlets.id = ? ORDER BY day
      """, [.identifier(outlet.identifier)]
    ) { OutletDay(day: $0.instant(0), posts: $0.integer(1), accounts: $0.integer(2), reach: $0.integer(3)) }
  }

  private static let caseSelect = """
    SELECT cases.id, agencies.id, operations.id, users.id, cases.reference
    FROM cases JOIN agencies ON agencies.row = cases.agency
      LEFT JOIN operations ON operations.row = cases.operation LEFT JOIN users ON users.row = cases.prosecutor
    """

  private static func caseFile(_ row: any Row) throws -> CaseFile {
    CaseFile(
      id: ID(try row.identifier(0)), agency: ID(try row.identifier(1)),
      operation: row.isNull(2) ? nil : ID(try row.identifier(2)),
      prosecutor: row.isNull(3) ? nil : ID(try row.identifier(3)), reference: row.optionalText(4))
  }

  /// An agency's own cases; a national file is nobody else's.
  public func cases(of agency: ID<Agency>) throws -> [CaseFile] {
    try connection.rows(
      "\(Self.caseSelect) WHERE agencies.id = ? ORDER BY cases.row", [.identifier(agency.identifier)], Self.caseFile)
  }

  public func hasCase(referenceDigest: [UInt8], of agency: ID<Agency>) throws -> Bool {
    try connection.first(
      "\(Self.caseSelect) WHERE agencies.id = ? AND cases.reference_digest = ?",
      [.identifier(agency.identifier), .blob(referenceDigest)], Self.caseFile) != nil
  }

  public func caseFacts(of file: ID<CaseFile>) throws -> [CaseFact] {
    try connection.rows(
      """
      SELECT case_facts.row, kind, happened_at, note FROM case_facts JOIN cases ON cases.row = case_facts.case_file
      WHERE cases.id = ? ORDER BY case_facts.row
      """, [.identifier(file.identifier)]
    ) { row in
      guard let kind = CaseFactKind(rawValue: row.text(1)) else {
        throw StorageError.damaged("a case has a fact of a kind that this program does not know")
      }
      return CaseFact(index: row.integer(0), kind: kind, happenedAt: row.instant(2), note: row.optionalText(3))
    }
  }
}

/// What could be seen of an outlet on one day.
public struct OutletDay: Sendable, Hashable {
  public let day: Instant
  public let posts: Int64
  public let accounts: Int64
  public let reach: Int64

  public init(day: Instant, posts: Int64, accounts: Int64, reach: Int64) {
    self.day = day
    self.posts = posts
    self.accounts = accounts
    self.reach = reach
  }
}

/// Something that happened in a case.
public struct CaseFact: Sendable, Hashable {
  public let index: Int64
  public let kind: CaseFactKind
  public let happenedAt: Instant
  /// Nil once it was erased.
  public let note: String?
}
