public import Domain

/// An item that is to be looked at.
public struct DueLook: Sendable, Hashable {
  public let item: ID<Item>
  public let reportIndex: Int64
  public let url: String
  public let pack: String?
  public let liveness: Liveness
  /// Keyed digest of the title that was seen last.
  public let title: [UInt8]?
  public let referral: ID<Referral>
  /// The answer in which the provider claimed that it is gone, and when it came.
  public let claimIndex: Int64?
  /// Whether it was noticed before that this claim is wrong.
  public let isContradicted: Bool
  /// Nil where no more looks are scheduled.
  public let dueAt: Instant?
}

extension DueLook {
  /// The same look, at an item of which something may have become known since it fell due.
  public func standing(as now: WatchNow) -> DueLook {
    DueLook(
      item: item, reportIndex: reportIndex, url: url, pack: pack, liveness: now.liveness, title: now.title,
      referral: referral, claimIndex: claimIndex,
      isContradicted: claimIndex.map { (now.contradicted ?? -1) > $0 } ?? false, dueAt: now.dueAt)
  }
}

extension ReadTransaction {
  /// Looks that are due, in the order of the items, from a row on; an erased item can't be looked at.
  ///
  /// The plus sign keeps SQLite from walking all items in their order where a handful is due.
  public func dueLooks(at instant: Instant, after row: Int64, limit: Int) throws -> [DueLook] {
    try looks(
      """
      SELECT watches.item FROM watches JOIN items ON items.row = watches.item
      WHERE watches.next_look_at <= ? AND +watches.item > ? AND items.locator IS NOT NULL
      ORDER BY watches.item LIMIT \(limit)
      """, [.instant(instant), .integer(row)])
  }

  /// The same for the items of one provider.
  public func dueLooks(of provider: ID<Provider>, at instant: Instant, limit: Int) throws -> [DueLook] {
    try looks(
      """
      SELECT watches.item FROM watches JOIN items ON items.row = watches.item
        JOIN providers ON providers.row = watches.provider
      WHERE watches.next_look_at <= ? AND providers.id = ? AND items.locator IS NOT NULL
      ORDER BY watches.item LIMIT \(limit)
      """, [.instant(instant), .identifier(provider.identifier)])
  }

  /// A look at this item, whether one is due or not; nil before its provider has it, and once it was erased.
  public func look(at item: ID<Item>) throws -> DueLook? {
    try looks(
      """
      SELECT watches.item FROM watches JOIN items ON items.row = watches.item
      WHERE items.id = ? AND items.locator IS NOT NULL
      """, [.identifier(item.identifier)]
    ).first
  }

  private func looks(_ chosen: String, _ values: [Value]) throws -> [DueLook] {
    try connection.rows(
      """
      SELECT items.id, items.row, items.locator, providers.pack, watches.verdict, watches.last_live_at,
        watches.first_gone_at, watches.title, referrals.id, referrals.answered_idx, referrals.outcome,
        watches.contradicted_idx, watches.next_look_at
      FROM (\(chosen)) AS due
      JOIN watches ON watches.item = due.item JOIN items ON items.row = due.item
      JOIN providers ON providers.row = watches.provider
      JOIN referrals ON referrals.row = (SELECT max(row) FROM referrals WHERE item = items.row)
      ORDER BY due.item
      """, values
    ) { row in
      let claimsGone = row.optionalText(10).flatMap { ProviderOutcome(rawValue: $0) }?.claimsGone ?? false
      let claim = claimsGone ? row.optionalInteger(9) : nil
      let contradicted = row.optionalInteger(11) ?? -1
      return DueLook(
        item: ID(try row.identifier(0)), reportIndex: row.integer(1), url: row.text(2), pack: row.optionalText(3),
        liveness: Liveness(
          verdict: row.optionalText(4).flatMap { Verdict(rawValue: $0) },
          lastLiveAt: row.isNull(5) ? nil : row.instant(5), firstGoneAt: row.isNull(6) ? nil : row.instant(6)),
        title: row.optionalBlob(7), referral: ID(try row.identifier(8)),
        claimIndex: claim, isContradicted: claim.map { contradicted > $0 } ?? false,
        dueAt: row.isNull(12) ? nil : row.instant(12))
    }
  }

  /// When the next look falls due.
  public func nextLookDue() throws -> Instant? {
    try connection.first(
      """
      SELECT watches.next_look_at FROM watches JOIN items ON items.row = watches.item
      WHERE next_look_at IS NOT NULL AND items.locator IS NOT NULL ORDER BY next_look_at LIMIT 1
      """
    ) { $0.instant(0) }
  }

  /// Which of these items were seen gone and not yet there again, with when that was.
  public func goneItems(_ reportIndexes: [Int64]) throws -> [Int64: Instant] {
    guard !reportIndexes.isEmpty, try connection.first("SELECT 1 FROM watches LIMIT 1", [], { $0.integer(0) }) != nil
    else { return [:] }
    var keys = CellBatch(width: 1, reservingRows: reportIndexes.count)
    for index in reportIndexes { keys.integer(index) }
    var gone: [Int64: Instant] = [:]
    try connection.forEachRow(
      """
      SELECT first_gone_at FROM watches
      WHERE item = ? AND first_gone_at IS NOT NULL AND (reappeared_idx IS NULL OR reappeared_idx < gone_idx)
      """, parameters: keys
    ) { position, row in gone[reportIndexes[position]] = row.instant(0) }
    return gone
  }
}
