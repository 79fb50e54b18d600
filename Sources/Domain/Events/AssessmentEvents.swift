/// A person has found what an item is; a second one has still to agree.
public struct ItemAssessed: TypedEvent {
  public static var type: EventType { .itemAssessed }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  public let decision: Assessment.Decision
  /// The letters of Article 2(7); at least one where it is to be referred.
  public let categories: [ContentCategory]
  public let factors: [AssessmentFactor]
  /// Purposes that were found to apply; all others were looked at and excluded.
  public let exempt: [Exemption]
  /// Whether a machine proposed something.
  public let usedMachineHelp: Bool
  public let reasons: String?

  public init(
    item: ID<Item>, reportIndex: Int64, decision: Assessment.Decision, categories: [ContentCategory],
    factors: [AssessmentFactor], exempt: [Exemption], usedMachineHelp: Bool, reasons: String?
  ) {
    self.item = item
    self.reportIndex = reportIndex
    self.decision = decision
    self.categories = categories
    self.factors = factors
    self.exempt = exempt
    self.usedMachineHelp = usedMachineHelp
    self.reasons = reasons
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("categories")
    json.array { json in for code in categories { json.string(code.rawValue) } }
    json.key("decision")
    json.string(decision.rawValue)
    json.key("exempt")
    json.array { json in for code in exempt { json.string(code.rawValue) } }
    json.key("factors")
    json.array { json in for code in factors { json.string(code.rawValue) } }
    json.key("machine_help")
    json.boolean(usedMachineHelp)
    json.key("report_index")
    json.integer(reportIndex)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    if let reasons {
      json.key("reasons")
      json.string(reasons)
    }
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    decision = try facts.code("decision")
    categories = try facts.codes("categories")
    factors = try facts.codes("factors")
    exempt = try facts.codes("exempt")
    usedMachineHelp = try facts.boolean("machine_help")
    reasons = try personal?.optionalText("reasons")
  }
}

/// A second person agrees with an assessment.
public struct AssessmentConfirmed: TypedEvent {
  public static var type: EventType { .assessmentConfirmed }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  /// The journal index of the assessment.
  public let assessment: Int64

  public init(item: ID<Item>, reportIndex: Int64, assessment: Int64) {
    self.item = item
    self.reportIndex = reportIndex
    self.assessment = assessment
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("assessment")
    json.integer(assessment)
    json.key("report_index")
    json.integer(reportIndex)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    assessment = try facts.integer("assessment")
  }
}

/// A second person disagrees; the item is to be assessed anew.
public struct AssessmentReturned: TypedEvent {
  public static var type: EventType { .assessmentReturned }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  /// The journal index of the assessment.
  public let assessment: Int64
  public let reason: String?

  public init(item: ID<Item>, reportIndex: Int64, assessment: Int64, reason: String?) {
    self.item = item
    self.reportIndex = reportIndex
    self.assessment = assessment
    self.reason = reason
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("assessment")
    json.integer(assessment)
    json.key("report_index")
    json.integer(reportIndex)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    if let reason {
      json.key("reason")
      json.string(reason)
    }
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    assessment = try facts.integer("assessment")
    reason = try personal?.optionalText("reason")
  }
}
