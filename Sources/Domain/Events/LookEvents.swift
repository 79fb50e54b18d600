/// Looks were made; what each found is a line of the segment.
public struct LooksMade: TypedEvent {
  public static var type: EventType { .looksMade }
  public let round: ID<LookRound>
  /// The journal indexes of the first reports of the items, in the order of the segment.
  public let items: [Int64]
  /// When they fell due.
  public let lookedAt: Instant
  /// SHA-256 of the segment, under which it is kept.
  public let segment: [UInt8]
  /// One letter for each item, as ``Verdict/letter`` has it.
  public let verdicts: String
  /// Somebody wanted to know at once; the scheduled looks go on as if nobody had looked.
  public let isByHand: Bool

  public init(
    round: ID<LookRound>, items: [Int64], lookedAt: Instant, segment: [UInt8], verdicts: String, isByHand: Bool = false
  ) {
    self.round = round
    self.items = items
    self.lookedAt = lookedAt
    self.segment = segment
    self.verdicts = verdicts
    self.isByHand = isByHand
  }

  public var subject: Identifier { round.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    if isByHand {
      json.key("by_hand")
      json.boolean(true)
    }
    json.key("items")
    json.array { json in for value in items { json.integer(value) } }
    json.key("looked_at")
    json.instant(lookedAt)
    json.key("segment")
    json.hex(segment)
    json.key("verdicts")
    json.string(verdicts)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    round = ID(subject)
    items = try facts.integers("items")
    lookedAt = try facts.instant("looked_at")
    segment = try facts.bytes(hex: "segment")
    verdicts = try facts.text("verdicts")
    isByHand = facts["by_hand"] == nil ? false : try facts.boolean("by_hand")
  }
}

/// A look found something else than the one before.
public struct ItemSeen: TypedEvent {
  public static var type: EventType { .itemSeen }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  public let verdict: Verdict
  public let basis: VerdictBasis
  public let status: Int64?
  public let seenAt: Instant
  /// The last look that found it live; it changed between the two.
  public let lastLiveAt: Instant?
  /// Keyed digest of the page's title.
  public let title: [UInt8]?
  /// Where a redirect led.
  public let location: String?

  public init(
    item: ID<Item>, reportIndex: Int64, verdict: Verdict, basis: VerdictBasis, status: Int64?, seenAt: Instant,
    lastLiveAt: Instant?, title: [UInt8]?, location: String?
  ) {
    self.item = item
    self.reportIndex = reportIndex
    self.verdict = verdict
    self.basis = basis
    self.status = status
    self.seenAt = seenAt
    self.lastLiveAt = lastLiveAt
    self.title = title
    self.location = location
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("basis")
    json.string(basis.rawValue)
    if let lastLiveAt {
      json.key("last_live_at")
      json.instant(lastLiveAt)
    }
    json.key("report_index")
    json.integer(reportIndex)
    json.key("seen_at")
    json.instant(seenAt)
    if let status {
      json.key("status")
      json.integer(status)
    }
    if let title {
      json.key("title")
      json.hex(title)
    }
    json.key("verdict")
    json.string(verdict.rawValue)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    if let location {
      json.key("location")
      json.string(location)
    }
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    verdict = try facts.code("verdict")
    basis = try facts.code("basis")
    status = try facts.optionalInteger("status")
    seenAt = try facts.instant("seen_at")
    lastLiveAt = try facts.optionalInstant("last_live_at")
    title = try facts.optionalBytes(hex: "title")
    location = try personal?.optionalText("location")
  }
}

/// A provider says that an item is gone, and it was seen live since.
public struct ClaimContradicted: TypedEvent {
  public static var type: EventType { .claimContradicted }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  public let referral: ID<Referral>
  /// The journal index of the answer.
  public let answer: Int64
  public let seenAt: Instant

  public init(item: ID<Item>, reportIndex: Int64, referral: ID<Referral>, answer: Int64, seenAt: Instant) {
    self.item = item
    self.reportIndex = reportIndex
    self.referral = referral
    self.answer = answer
    self.seenAt = seenAt
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("answer")
    json.integer(answer)
    json.key("referral")
    json.identifier(referral.identifier)
    json.key("report_index")
    json.integer(reportIndex)
    json.key("seen_at")
    json.instant(seenAt)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    referral = ID(try facts.identifier("referral"))
    answer = try facts.integer("answer")
    seenAt = try facts.instant("seen_at")
  }
}

/// An item that was seen gone is there again, at the same address.
public struct ItemReappeared: TypedEvent {
  public static var type: EventType { .itemReappeared }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  public let cause: ReappearanceCause
  /// The first look that had found it gone.
  public let goneAt: Instant?

  public init(item: ID<Item>, reportIndex: Int64, cause: ReappearanceCause, goneAt: Instant?) {
    self.item = item
    self.reportIndex = reportIndex
    self.cause = cause
    self.goneAt = goneAt
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("cause")
    json.string(cause.rawValue)
    if let goneAt {
      json.key("gone_at")
      json.instant(goneAt)
    }
    json.key("report_index")
    json.integer(reportIndex)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    cause = try facts.code("cause")
    goneAt = try facts.optionalInstant("gone_at")
  }
}

/// A person says how one item stands to another.
public struct ItemRelated: TypedEvent {
  public static var type: EventType { .itemRelated }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  public let relation: ItemRelation
  /// The item of which this one is a copy, or whose place it took.
  public let original: ID<Item>

  public init(item: ID<Item>, reportIndex: Int64, relation: ItemRelation, original: ID<Item>) {
    self.item = item
    self.reportIndex = reportIndex
    self.relation = relation
    self.original = original
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("original")
    json.identifier(original.identifier)
    json.key("relation")
    json.string(relation.rawValue)
    json.key("report_index")
    json.integer(reportIndex)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    relation = try facts.code("relation")
    original = ID(try facts.identifier("original"))
  }
}
