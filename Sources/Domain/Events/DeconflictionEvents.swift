/// An agency investigates what stands at a locator, and asks others to wait.
public struct InterestRegistered: TypedEvent {
  public static var type: EventType { .interestRegistered }
  public let interest: ID<Interest>
  public let agency: ID<Agency>
  /// Keyed digest of the canonical locator.
  public let locator: LocatorDigest
  /// When the request to wait ends; every hold has an end.
  public let until: Instant
  public let note: String?

  public init(interest: ID<Interest>, agency: ID<Agency>, locator: LocatorDigest, until: Instant, note: String?) {
    self.interest = interest
    self.agency = agency
    self.locator = locator
    self.until = until
    self.note = note
  }

  public var subject: Identifier { interest.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("agency")
    json.identifier(agency.identifier)
    json.key("locator")
    json.hex(locator.bytes)
    json.key("until")
    json.instant(until)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    if let note {
      json.key("note")
      json.string(note)
    }
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    interest = ID(subject)
    agency = ID(try facts.identifier("agency"))
    locator = try facts.locatorDigest("locator")
    until = try facts.instant("until")
    note = try personal?.optionalText("note")
  }
}

/// Nobody needs to wait for this interest any more.
public struct InterestWithdrawn: TypedEvent {
  public static var type: EventType { .interestWithdrawn }
  public let interest: ID<Interest>

  public init(interest: ID<Interest>) {
    self.interest = interest
  }

  public var subject: Identifier { interest.identifier }

  public func writeFacts(_ json: inout JSONWriter) {}

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    interest = ID(subject)
  }
}

/// Others' work on an item was asked about (Article 14(1)).
public struct ItemDeconflicted: TypedEvent {
  public static var type: EventType { .itemDeconflicted }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  public let result: Deconfliction.Result
  /// After this the question must be asked again.
  public let validUntil: Instant

  public init(item: ID<Item>, reportIndex: Int64, result: Deconfliction.Result, validUntil: Instant) {
    self.item = item
    self.reportIndex = reportIndex
    self.result = result
    self.validUntil = validUntil
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("report_index")
    json.integer(reportIndex)
    json.key("result")
    json.string(result.rawValue)
    json.key("valid_until")
    json.instant(validUntil)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    result = try facts.code("result")
    validUntil = try facts.instant("valid_until")
  }
}

/// An item waits, because an investigation needs it to.
public struct ItemHeld: TypedEvent {
  public static var type: EventType { .itemHeld }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  /// The journal index of the check that found it.
  public let check: Int64
  public let until: Instant

  public init(item: ID<Item>, reportIndex: Int64, check: Int64, until: Instant) {
    self.item = item
    self.reportIndex = reportIndex
    self.check = check
    self.until = until
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("check")
    json.integer(check)
    json.key("report_index")
    json.integer(reportIndex)
    json.key("until")
    json.instant(until)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    check = try facts.integer("check")
    until = try facts.instant("until")
  }
}

/// An item need not wait any more: nobody asks for it now.
public struct HoldLifted: TypedEvent {
  public static var type: EventType { .holdLifted }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  /// The journal index of the hold.
  public let hold: Int64

  public init(item: ID<Item>, reportIndex: Int64, hold: Int64) {
    self.item = item
    self.reportIndex = reportIndex
    self.hold = hold
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("hold")
    json.integer(hold)
    json.key("report_index")
    json.integer(reportIndex)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    hold = try facts.integer("hold")
  }
}

/// A named person sends on an item although somebody asked to wait.
public struct HoldOverridden: TypedEvent {
  public static var type: EventType { .holdOverridden }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  /// The journal index of the hold.
  public let hold: Int64
  public let reason: String?

  public init(item: ID<Item>, reportIndex: Int64, hold: Int64, reason: String?) {
    self.item = item
    self.reportIndex = reportIndex
    self.hold = hold
    self.reason = reason
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("hold")
    json.integer(hold)
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
    hold = try facts.integer("hold")
    reason = try personal?.optionalText("reason")
  }
}

/// Nothing speaks against sending, as far as others' work is concerned.
public struct ItemCleared: TypedEvent {
  public static var type: EventType { .itemCleared }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  /// The journal index of the check on which it rests.
  public let check: Int64
  public let validUntil: Instant

  public init(item: ID<Item>, reportIndex: Int64, check: Int64, validUntil: Instant) {
    self.item = item
    self.reportIndex = reportIndex
    self.check = check
    self.validUntil = validUntil
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("check")
    json.integer(check)
    json.key("report_index")
    json.integer(reportIndex)
    json.key("valid_until")
    json.instant(validUntil)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    check = try facts.integer("check")
    validUntil = try facts.instant("valid_until")
  }
}
