/// An agency takes part in an operation: it sees the items that are shared with it.
public struct OperationJoined: TypedEvent {
  public static var type: EventType { .operationJoined }
  public let operation: ID<Operation>
  public let agency: ID<Agency>

  public init(operation: ID<Operation>, agency: ID<Agency>) {
    self.operation = operation
    self.agency = agency
  }

  public var subject: Identifier { operation.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("agency")
    json.identifier(agency.identifier)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    operation = ID(subject)
    agency = ID(try facts.identifier("agency"))
  }
}

/// The moment at which an operation's referrals leave together is agreed.
public struct HHourSet: TypedEvent {
  public static var type: EventType { .hHourSet }
  public let operation: ID<Operation>
  /// Nil where it was called off; what waits for it stays.
  public let hHour: Instant?

  public init(operation: ID<Operation>, hHour: Instant?) {
    self.operation = operation
    self.hHour = hHour
  }

  public var subject: Identifier { operation.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    if let hHour {
      json.key("h_hour")
      json.instant(hHour)
    }
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    operation = ID(subject)
    hHour = try facts.optionalInstant("h_hour")
  }
}

/// An outlet is watched from now on.
public struct OutletRegistered: TypedEvent {
  public static var type: EventType { .outletRegistered }
  public let outlet: ID<Outlet>
  public let agency: ID<Agency>
  public let operation: ID<Operation>?
  /// Keyed digest of the name: an agency watches an outlet once.
  public let nameDigest: [UInt8]
  /// When the watch must be reviewed (Directive (EU) 2016/680, Article 5).
  public let reviewAt: Instant
  public let name: String?

  public init(
    outlet: ID<Outlet>, agency: ID<Agency>, operation: ID<Operation>?, nameDigest: [UInt8], reviewAt: Instant,
    name: String?
  ) {
    self.outlet = outlet
    self.agency = agency
    self.operation = operation
    self.nameDigest = nameDigest
    self.reviewAt = reviewAt
    self.name = name
  }

  public var subject: Identifier { outlet.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("agency")
    json.identifier(agency.identifier)
    json.key("name_digest")
    json.hex(nameDigest)
    if let operation {
      json.key("operation")
      json.identifier(operation.identifier)
    }
    json.key("review_at")
    json.instant(reviewAt)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    if let name {
      json.key("name")
      json.string(name)
    }
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    outlet = ID(subject)
    agency = ID(try facts.identifier("agency"))
    operation = try facts.optionalIdentifier("operation").map { ID($0) }
    nameDigest = try facts.bytes(hex: "name_digest")
    reviewAt = try facts.instant("review_at")
    name = try personal?.optionalText("name")
  }
}

/// What could be seen of an outlet in public on one day.
public struct OutletObserved: TypedEvent {
  public static var type: EventType { .outletObserved }
  public let outlet: ID<Outlet>
  /// The day's beginning, UTC.
  public let day: Instant
  public let posts: Int64
  public let accounts: Int64
  /// Followers of the accounts that were up.
  public let reach: Int64

  public init(outlet: ID<Outlet>, day: Instant, posts: Int64, accounts: Int64, reach: Int64) {
    self.outlet = outlet
    self.day = day
    self.posts = posts
    self.accounts = accounts
    self.reach = reach
  }

  public var subject: Identifier { outlet.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("accounts")
    json.integer(accounts)
    json.key("day")
    json.instant(day)
    json.key("posts")
    json.integer(posts)
    json.key("reach")
    json.integer(reach)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    outlet = ID(subject)
    day = try facts.instant("day")
    posts = try facts.integer("posts")
    accounts = try facts.integer("accounts")
    reach = try facts.integer("reach")
  }
}

/// A national file stands behind an operation.
public struct CaseOpened: TypedEvent {
  public static var type: EventType { .caseOpened }
  public let caseFile: ID<CaseFile>
  public let agency: ID<Agency>
  public let operation: ID<Operation>?
  /// Who leads it.
  public let prosecutor: ID<User>?
  /// Keyed digest of the file number: an agency has it once.
  public let referenceDigest: [UInt8]
  public let reference: String?

  public init(
    caseFile: ID<CaseFile>, agency: ID<Agency>, operation: ID<Operation>?, prosecutor: ID<User>?,
    referenceDigest: [UInt8], reference: String?
  ) {
    self.caseFile = caseFile
    self.agency = agency
    self.operation = operation
    self.prosecutor = prosecutor
    self.referenceDigest = referenceDigest
    self.reference = reference
  }

  public var subject: Identifier { caseFile.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("agency")
    json.identifier(agency.identifier)
    if let operation {
      json.key("operation")
      json.identifier(operation.identifier)
    }
    if let prosecutor {
      json.key("prosecutor")
      json.identifier(prosecutor.identifier)
    }
    json.key("reference_digest")
    json.hex(referenceDigest)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    if let reference {
      json.key("reference")
      json.string(reference)
    }
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    caseFile = ID(subject)
    agency = ID(try facts.identifier("agency"))
    operation = try facts.optionalIdentifier("operation").map { ID($0) }
    prosecutor = try facts.optionalIdentifier("prosecutor").map { ID($0) }
    referenceDigest = try facts.bytes(hex: "reference_digest")
    reference = try personal?.optionalText("reference")
  }
}

/// Something happened in a case.
public struct CaseFactRecorded: TypedEvent {
  public static var type: EventType { .caseFactRecorded }
  public let caseFile: ID<CaseFile>
  public let kind: CaseFactKind
  public let happenedAt: Instant
  public let note: String?

  public init(caseFile: ID<CaseFile>, kind: CaseFactKind, happenedAt: Instant, note: String?) {
    self.caseFile = caseFile
    self.kind = kind
    self.happenedAt = happenedAt
    self.note = note
  }

  public var subject: Identifier { caseFile.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("happened_at")
    json.instant(happenedAt)
    json.key("kind")
    json.string(kind.rawValue)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    if let note {
      json.key("note")
      json.string(note)
    }
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    caseFile = ID(subject)
    kind = try facts.code("kind")
    happenedAt = try facts.instant("happened_at")
    note = try personal?.optionalText("note")
  }
}
