public import Domain

/// What other agencies of the installation do at a locator; the only place where owners are joined.
public struct OthersWork: Sendable, Hashable {
  /// Until when the last of them asks to wait.
  public var interestUntil: Instant?
  /// Whether one of them has referred it.
  public var isReferred = false

  public init(interestUntil: Instant? = nil, isReferred: Bool = false) {
    self.interestUntil = interestUntil
    self.isReferred = isReferred
  }
}

extension ReadTransaction {
  /// For each locator what agencies other than the owner do there, told as little as the question needs.
  public func othersWork(
    at locators: [(digest: LocatorDigest, owner: ID<Agency>)], now: Instant
  ) throws -> [OthersWork] {
    var found = Array(repeating: OthersWork(), count: locators.count)
    var keys = CellBatch(width: 2, reservingRows: locators.count, bytesPerRow: 32)
    for locator in locators {
      keys.identifier(Identifier(high: locator.digest.high, low: locator.digest.low))
      keys.identifier(locator.owner.identifier)
    }
    try connection.forEachRow(
      """
      SELECT interests.until FROM interests JOIN agencies ON agencies.row = interests.agency
      WHERE interests.locator = ? AND agencies.id <> ? AND interests.withdrawn_at IS NULL
      """, parameters: keys
    ) { position, row in
      let until = row.instant(0)
      if until > now { found[position].interestUntil = max(until, found[position].interestUntil ?? until) }
    }
    try connection.forEachRow(
      """
      SELECT referrals.row FROM item_locators JOIN referrals ON referrals.item = item_locators.item
        JOIN agencies ON agencies.row = item_locators.owner
      WHERE item_locators.locator = ? AND agencies.id <> ? AND referrals.retracted_idx IS NULL
      """, parameters: keys
    ) { position, _ in
      found[position].isReferred = true
    }
    return found
  }

  /// Whether another agency has asked to wait at this locator after a journal index, and still does.
  public func hasInterest(
    at locator: LocatorDigest, notOf owner: ID<Agency>, since index: Int64, now: Instant
  ) throws -> Bool {
    try connection.first(
      """
      SELECT 1 FROM interests JOIN agencies ON agencies.row = interests.agency
      WHERE interests.locator = ? AND agencies.id <> ? AND interests.row > ? AND interests.withdrawn_at IS NULL
        AND interests.until > ?
      """,
      [.blob(locator.bytes), .identifier(owner.identifier), .integer(index), .instant(now)]
    ) { $0.integer(0) } != nil
  }

  /// The agency behind an interest that is in force; nil where there is none.
  public func interestOwner(_ id: ID<Interest>) throws -> ID<Agency>? {
    try connection.first(
      """
      SELECT agencies.id FROM interests JOIN agencies ON agencies.row = interests.agency
      WHERE interests.id = ? AND interests.withdrawn_at IS NULL
      """, [.identifier(id.identifier)]
    ) { ID(try $0.identifier(0)) }
  }

  /// Items whose hold has run out by `instant` and was not lifted yet, oldest first.
  public func expiredHolds(at instant: Instant, limit: Int) throws -> [ExpiredHold] {
    try connection.rows(
      """
      SELECT items.id, items.row, deconflictions.hold_idx
      FROM deconflictions JOIN items ON items.row = deconflictions.item
      WHERE hold_idx IS NOT NULL AND lifted_idx IS NULL AND held_until <= ? ORDER BY items.row LIMIT \(limit)
      """, [.instant(instant)]
    ) { row in ExpiredHold(item: ID(try row.identifier(0)), reportIndex: row.integer(1), hold: row.integer(2)) }
  }

  /// When the next hold runs out.
  public func nextHoldEnd() throws -> Instant? {
    try connection.first(
      "SELECT min(held_until) FROM deconflictions WHERE hold_idx IS NOT NULL AND lifted_idx IS NULL"
    ) { $0.isNull(0) ? nil : $0.instant(0) } ?? nil
  }
}

/// A hold that nobody asks for any more.
public struct ExpiredHold: Sendable, Hashable {
  public let item: ID<Item>
  public let reportIndex: Int64
  public let hold: Int64
}
