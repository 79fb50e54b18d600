public import Domain

/// The body of `POST /api/v1/cases`.
public struct NewCaseMessage: Sendable, Hashable {
  /// The file number.
  public let reference: String
  public let operation: ID<Operation>?
  /// The name of the user who leads it.
  public let prosecutor: String?

  public init(parsing body: [UInt8]) throws(MessageFault) {
    let json = try MessageReader(parsing: body)
    try json.refuseUnknown(known: ["operation", "prosecutor", "reference"])
    reference = try json.text("reference")
    operation = try json.optionalID("operation")
    prosecutor = try json.optionalText("prosecutor")
  }
}

/// The body of `POST /api/v1/cases/{id}/facts`.
public struct CaseFactMessage: Sendable, Hashable {
  public let kind: CaseFactKind
  public let happenedAt: Instant
  public let note: String?

  public init(parsing body: [UInt8]) throws(MessageFault) {
    let json = try MessageReader(parsing: body)
    try json.refuseUnknown(known: ["happened_at", "kind", "note"])
    kind = try json.code("kind")
    happenedAt = try json.instant("happened_at")
    note = try json.optionalText("note")
  }
}

/// A case with its facts, as the HTTP API and `--json` show it.
public struct CaseMessage: Sendable, Hashable {
  public struct Fact: Sendable, Hashable {
    public let index: Int64
    public let kind: CaseFactKind
    public let happenedAt: Instant
    public let note: String?

    public init(index: Int64, kind: CaseFactKind, happenedAt: Instant, note: String?) {
      self.index = index
      self.kind = kind
      self.happenedAt = happenedAt
      self.note = note
    }
  }

  public let file: CaseFile
  public let facts: [Fact]

  public init(file: CaseFile, facts: [Fact]) {
    self.file = file
    self.facts = facts
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("agency")
      json.identifier(file.agency.identifier)
      json.key("facts")
      json.array { json in for fact in facts { Self.write(fact, to: &json) } }
      json.key("id")
      json.identifier(file.id.identifier)
      json.key("operation")
      json.optional(file.operation)
      json.key("prosecutor")
      json.optional(file.prosecutor)
      json.key("reference")
      json.optional(file.reference)
    }
  }

  private static func write(_ fact: Fact, to json: inout JSONWriter) {
    json.object { json in
      json.key("happened_at")
      json.instant(fact.happenedAt)
      json.key("journal_index")
      json.integer(fact.index)
      json.key("kind")
      json.string(fact.kind.rawValue)
      json.key("note")
      json.optional(fact.note)
    }
  }
}
