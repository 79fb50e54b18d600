@_spi(Rehydrate) public import Domain

/// What the rules about an item need to know of it, read in the transaction that decides.
public struct WorkItem: Sendable {
  public let id: ID<Item>
  /// The journal index of its first report.
  public let reportIndex: Int64
  public let owner: ID<Agency>
  public let provider: ID<Provider>
  public let operation: ID<Operation>?
  /// Nil once it was erased.
  public let locator: String?
  public let assessment: Assessment?
  public let deconfliction: Deconfliction?
  /// The journal index of the hold that is in force or was lifted last.
  public let holdIndex: Int64?
  /// The newest referral.
  public let referral: Referral?
  public let liveness: Liveness
  /// Whether it is there again since its newest referral, after it had been seen gone.
  public let hasReappeared: Bool
  private let clearance: Clearance?

  /// The clearance that is valid at this instant; a hold that was placed meanwhile counts.
  public func clearance(at instant: Instant) -> Clearance? {
    guard let clearance, clearance.validUntil > instant else { return nil }
    return deconfliction?.isHeld(at: instant) == true ? nil : clearance
  }

  /// Whether a referral of it stands: was made, and not taken back.
  public var hasReferral: Bool {
    switch referral?.state {
    case nil, .retracted?: false
    case .waiting?, .delivered?, .answered?: true
    }
  }

  public var confirmedAssessment: ConfirmedAssessment? { assessment.flatMap { ConfirmedAssessment($0) } }
}

extension ReadTransaction {
  /// The items of these identifiers that the viewer may see.
  public func workItems(_ ids: [ID<Item>], for viewer: Viewer) throws -> [ID<Item>: WorkItem] {
    var keys = CellBatch(width: 3, reservingRows: ids.count, bytesPerRow: 48)
    for id in ids {
      keys.identifier(id.identifier)
      keys.identifier(viewer.agency.identifier)
      keys.identifier(viewer.agency.identifier)
    }
    var items: [ID<Item>: WorkItem] = [:]
    items.reserveCapacity(ids.count)
    try connection.forEachRow(
      "\(WorkItem.select) WHERE items.id = ? AND \(Viewer.condition(on: "items"))", parameters: keys
    ) { position, row in
      items[ids[position]] = try WorkItem(row)
    }
    return items
  }

  /// The item, or nil where there is none that the viewer may see.
  public func workItem(_ id: ID<Item>, for viewer: Viewer) throws -> WorkItem? {
    try workItems([id], for: viewer)[id]
  }
}

extension WorkItem {
  static let select = """
    SELECT items.row, items.id, owners.id, providers.id, operations.id, items.locator,
      assessments.idx, assessments.decision, assessments.categories, assessors.id, seconds.id, assessments.agrees,
      deconflictions.idx, deconflictions.result, deconflictions.valid_until, deconflictions.hold_idx,
      deconflictions.held_until, deconflictions.lifted_idx, deconflictions.clear_idx, deconflictions.clear_until,
      referrals.id, receivers.id, referrals.delivered_at, referrals.outcome, referrals.retracted_idx,
      watches.verdict, watches.last_live_at, watches.first_gone_at, watches.reappeared_idx, referrals.row
    FROM items JOIN agencies AS owners ON owners.row = items.owner
      JOIN providers ON providers.row = items.provider
      LEFT JOIN operations ON operations.row = items.operation
      LEFT JOIN assessments ON assessments.item = items.row
      LEFT JOIN users AS assessors ON assessors.row = assessments.assessor
      LEFT JOIN users AS seconds ON seconds.row = assessments.second
      LEFT JOIN deconflictions ON deconflictions.item = items.row
      LEFT JOIN referrals ON referrals.row = (SELECT max(row) FROM referrals WHERE item = items.row)
      LEFT JOIN providers AS receivers ON receivers.row = referrals.provider
      LEFT JOIN watches ON watches.item = items.row
    """

  init(_ row: any Row) throws {
    id = ID(try row.identifier(1))
    reportIndex = row.integer(0)
    owner = ID(try row.identifier(2))
    provider = ID(try row.identifier(3))
    operation = row.isNull(4) ? nil : ID(try row.identifier(4))
    locator = row.optionalText(5)
    assessment = row.isNull(6) ? nil : try Self.assessment(row, of: id)
    holdIndex = row.optionalInteger(15)
    deconfliction = row.isNull(12) ? nil : try Self.deconfliction(row, of: id)
    clearance =
      row.isNull(18) ? nil : Clearance(item: id, index: row.integer(18), validUntil: row.instant(19))
    referral = row.isNull(20) ? nil : try Self.referral(row, of: id)
    liveness = Liveness(
      verdict: row.optionalText(25).flatMap { Verdict(rawValue: $0) },
      lastLiveAt: row.isNull(26) ? nil : row.instant(26), firstGoneAt: row.isNull(27) ? nil : row.instant(27))
    hasReappeared = row.optionalInteger(28).map { $0 > row.optionalInteger(29) ?? -1 } ?? false
  }

  private static func assessment(_ row: any Row, of item: ID<Item>) throws -> Assessment {
    guard let decision = Assessment.Decision(rawValue: row.text(7)) else {
      throw StorageError.damaged("an assessment has a decision that this program does not know")
    }
    var state = Assessment.State.awaitingSecondPerson
    if !row.isNull(10) {
      let second = ID<User>(try row.identifier(10))
      state = row.integer(11) == 1 ? .confirmed(by: second) : .returned(by: second)
    }
    return Assessment(
      index: row.integer(6), item: item, decision: decision, categories: try CodeList.codes(row.text(8)),
      assessor: ID(try row.identifier(9)), state: state)
  }

  private static func deconfliction(_ row: any Row, of item: ID<Item>) throws -> Deconfliction {
    guard let result = Deconfliction.Result(rawValue: row.text(13)) else {
      throw StorageError.damaged("a check has a result that this program does not know")
    }
    let isHeld = !row.isNull(15) && row.isNull(17)
    return Deconfliction(
      item: item, index: row.integer(12), result: result, validUntil: row.instant(14),
      heldUntil: isHeld ? row.instant(16) : nil)
  }

  private static func referral(_ row: any Row, of item: ID<Item>) throws -> Referral {
    let deliveredAt = row.isNull(22) ? nil : row.instant(22)
    let state: Referral.State
    if !row.isNull(24) {
      state = .retracted(wasDelivered: deliveredAt != nil)
    } else if let deliveredAt {
      state =
        row.optionalText(23).flatMap { ProviderOutcome(rawValue: $0) }.map { .answered($0, deliveredAt: deliveredAt) }
        ?? .delivered(at: deliveredAt)
    } else {
      state = .waiting
    }
    return Referral(
      id: ID(try row.identifier(20)), item: item, provider: ID(try row.identifier(21)), state: state)
  }
}
