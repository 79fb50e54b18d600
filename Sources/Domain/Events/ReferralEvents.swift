/// A referral is made; it leaves at its moment, through the outbox.
public struct ItemReferred: TypedEvent {
  public static var type: EventType { .itemReferred }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  public let referral: ID<Referral>
  public let provider: ID<Provider>
  public let operation: ID<Operation>?
  /// The journal index of the confirmed assessment.
  public let assessment: Int64
  /// The journal index of the clearance.
  public let clearance: Int64
  public let categories: [ContentCategory]
  /// When it leaves; nil: together with the operation, at its H-hour.
  public let dueAt: Instant?
  /// The clause of the provider's terms that is said to be broken.
  public let clause: String?

  public init(
    item: ID<Item>, reportIndex: Int64, referral: ID<Referral>, provider: ID<Provider>, operation: ID<Operation>?,
    assessment: Int64, clearance: Int64, categories: [ContentCategory], dueAt: Instant?, clause: String?
  ) {
    self.item = item
    self.reportIndex = reportIndex
    self.referral = referral
    self.provider = provider
    self.operation = operation
    self.assessment = assessment
    self.clearance = clearance
    self.categories = categories
    self.dueAt = dueAt
    self.clause = clause
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("assessment")
    json.integer(assessment)
    json.key("categories")
    json.array { json in for code in categories { json.string(code.rawValue) } }
    json.key("clearance")
    json.integer(clearance)
    if let dueAt {
      json.key("due_at")
      json.instant(dueAt)
    }
    if let operation {
      json.key("operation")
      json.identifier(operation.identifier)
    }
    json.key("provider")
    json.identifier(provider.identifier)
    json.key("referral")
    json.identifier(referral.identifier)
    json.key("report_index")
    json.integer(reportIndex)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    if let clause {
      json.key("clause")
      json.string(clause)
    }
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    referral = ID(try facts.identifier("referral"))
    provider = ID(try facts.identifier("provider"))
    operation = try facts.optionalIdentifier("operation").map { ID($0) }
    assessment = try facts.integer("assessment")
    clearance = try facts.integer("clearance")
    categories = try facts.codes("categories")
    dueAt = try facts.optionalInstant("due_at")
    clause = try personal?.optionalText("clause")
  }
}

/// The provider has a referral: it said so in its reply.
public struct DispatchDelivered: TypedEvent {
  public static var type: EventType { .dispatchDelivered }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  public let referral: ID<Referral>
  /// The identifier of the request that carried it.
  public let delivery: [UInt8]
  /// SHA-256 of the request's body.
  public let bodyDigest: [UInt8]
  /// Requests that carried it, this one included.
  public let attempts: Int64
  public let channel: String
  /// The provider's own number.
  public let reference: String?

  public init(
    item: ID<Item>, reportIndex: Int64, referral: ID<Referral>, delivery: [UInt8], bodyDigest: [UInt8], attempts: Int64,
    channel: String, reference: String?
  ) {
    self.item = item
    self.reportIndex = reportIndex
    self.referral = referral
    self.delivery = delivery
    self.bodyDigest = bodyDigest
    self.attempts = attempts
    self.channel = channel
    self.reference = reference
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("attempts")
    json.integer(attempts)
    json.key("body_digest")
    json.hex(bodyDigest)
    json.key("channel")
    json.string(channel)
    json.key("delivery")
    json.hex(delivery)
    json.key("referral")
    json.identifier(referral.identifier)
    json.key("report_index")
    json.integer(reportIndex)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    if let reference {
      json.key("reference")
      json.string(reference)
    }
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    referral = ID(try facts.identifier("referral"))
    delivery = try facts.bytes(hex: "delivery")
    bodyDigest = try facts.bytes(hex: "body_digest")
    attempts = try facts.integer("attempts")
    channel = try facts.text("channel")
    reference = try personal?.optionalText("reference")
  }
}

/// The provider's interface does not take a referral; a person has to look.
public struct DispatchRefused: TypedEvent {
  public static var type: EventType { .dispatchRefused }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  public let referral: ID<Referral>
  public let delivery: [UInt8]
  public let reason: String?

  public init(item: ID<Item>, reportIndex: Int64, referral: ID<Referral>, delivery: [UInt8], reason: String?) {
    self.item = item
    self.reportIndex = reportIndex
    self.referral = referral
    self.delivery = delivery
    self.reason = reason
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("delivery")
    json.hex(delivery)
    json.key("referral")
    json.identifier(referral.identifier)
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
    referral = ID(try facts.identifier("referral"))
    delivery = try facts.bytes(hex: "delivery")
    reason = try personal?.optionalText("reason")
  }
}

/// A provider says what it did.
public struct ReferralAnswered: TypedEvent {
  public static var type: EventType { .referralAnswered }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  public let referral: ID<Referral>
  public let outcome: ProviderOutcome
  /// When the provider says that it acted.
  public let decidedAt: Instant
  public let reason: String?
  public let reference: String?

  public init(
    item: ID<Item>, reportIndex: Int64, referral: ID<Referral>, outcome: ProviderOutcome, decidedAt: Instant,
    reason: String?, reference: String?
  ) {
    self.item = item
    self.reportIndex = reportIndex
    self.referral = referral
    self.outcome = outcome
    self.decidedAt = decidedAt
    self.reason = reason
    self.reference = reference
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("decided_at")
    json.instant(decidedAt)
    json.key("outcome")
    json.string(outcome.rawValue)
    json.key("referral")
    json.identifier(referral.identifier)
    json.key("report_index")
    json.integer(reportIndex)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    if let reason {
      json.key("reason")
      json.string(reason)
    }
    if let reference {
      json.key("reference")
      json.string(reference)
    }
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    referral = ID(try facts.identifier("referral"))
    outcome = try facts.code("outcome")
    decidedAt = try facts.instant("decided_at")
    reason = try personal?.optionalText("reason")
    reference = try personal?.optionalText("reference")
  }
}

/// A referral is taken back.
public struct ReferralRetracted: TypedEvent {
  public static var type: EventType { .referralRetracted }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  public let referral: ID<Referral>
  /// Whether the provider has it and must be told.
  public let wasDelivered: Bool
  public let reason: String?

  public init(item: ID<Item>, reportIndex: Int64, referral: ID<Referral>, wasDelivered: Bool, reason: String?) {
    self.item = item
    self.reportIndex = reportIndex
    self.referral = referral
    self.wasDelivered = wasDelivered
    self.reason = reason
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("referral")
    json.identifier(referral.identifier)
    json.key("report_index")
    json.integer(reportIndex)
    json.key("was_delivered")
    json.boolean(wasDelivered)
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
    referral = ID(try facts.identifier("referral"))
    wasDelivered = try facts.boolean("was_delivered")
    reason = try personal?.optionalText("reason")
  }
}

/// The provider knows that a referral was taken back.
public struct RecallDelivered: TypedEvent {
  public static var type: EventType { .recallDelivered }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  public let referral: ID<Referral>
  public let delivery: [UInt8]

  public init(item: ID<Item>, reportIndex: Int64, referral: ID<Referral>, delivery: [UInt8]) {
    self.item = item
    self.reportIndex = reportIndex
    self.referral = referral
    self.delivery = delivery
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("delivery")
    json.hex(delivery)
    json.key("referral")
    json.identifier(referral.identifier)
    json.key("report_index")
    json.integer(reportIndex)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    referral = ID(try facts.identifier("referral"))
    delivery = try facts.bytes(hex: "delivery")
  }
}

/// A user answers for a provider.
public struct ProviderDeskOpened: TypedEvent {
  public static var type: EventType { .providerDeskOpened }
  public let provider: ID<Provider>
  public let user: ID<User>

  public init(provider: ID<Provider>, user: ID<User>) {
    self.provider = provider
    self.user = user
  }

  public var subject: Identifier { provider.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("user")
    json.identifier(user.identifier)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    provider = ID(subject)
    user = ID(try facts.identifier("user"))
  }
}
