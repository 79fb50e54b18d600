public import Domain

/// An entry of `POST /api/v1/assessments`.
public struct AssessmentEntry: WorkEntry, Hashable {
  public static let members = [
    "categories", "decision", "exemptions", "factors", "item", "machine_help", "reasons", "replaces",
  ]

  public let item: ID<Item>
  public let decision: Assessment.Decision
  public let categories: [ContentCategory]
  public let factors: [AssessmentFactor]
  /// `{"education":false,…}`: a yes or a no for each; what is left out is open.
  public let exemptions: ExemptionRecord
  public let reasons: String?
  public let usedMachineHelp: Bool
  /// The journal index of the assessment that is there already.
  public let replaces: Int64?

  public init(_ json: MessageReader, terms: MessageReader) throws(MessageFault) {
    item = try json.id("item")
    decision = try json.code("decision")
    categories = try json.codes("categories")
    factors = try json.codes("factors")
    exemptions = try Self.exemptions(json)
    reasons = try json.optionalText("reasons")
    usedMachineHelp = try json.optionalBoolean("machine_help") ?? false
    replaces = try json.optionalInteger("replaces")
  }

  private static func exemptions(_ json: MessageReader) throws(MessageFault) -> ExemptionRecord {
    var applying: Set<Exemption> = []
    var excluded: Set<Exemption> = []
    if let answers = try json.optionalObject("exemptions") {
      try answers.refuseUnknown(known: Exemption.allCases.map(\.rawValue))
      for exemption in Exemption.allCases {
        switch try answers.optionalBoolean(exemption.rawValue) {
        case true?: applying.insert(exemption)
        case false?: excluded.insert(exemption)
        case nil: continue
        }
      }
    }
    return ExemptionRecord(applying: applying, excluded: excluded)
  }
}

/// An entry of `POST /api/v1/confirmations`.
public struct ConfirmationEntry: WorkEntry, Hashable {
  public static let members = ["agrees", "assessment", "item", "reason"]

  public let item: ID<Item>
  /// The journal index of the assessment that was looked at.
  public let assessment: Int64
  public let agrees: Bool
  public let reason: String?

  public init(_ json: MessageReader, terms: MessageReader) throws(MessageFault) {
    item = try json.id("item")
    assessment = try json.integer("assessment")
    agrees = try json.boolean("agrees")
    reason = try json.optionalText("reason")
  }
}

/// An entry of `POST /api/v1/relations`.
public struct RelationEntry: WorkEntry, Hashable {
  public static let members = ["item", "original", "relation"]

  public let item: ID<Item>
  public let relation: ItemRelation
  public let original: ID<Item>

  public init(_ json: MessageReader, terms: MessageReader) throws(MessageFault) {
    item = try json.id("item")
    relation = try json.code("relation")
    original = try json.id("original")
  }
}
