public import Domain

/// How a watched item stands at the moment in which a look at it is recorded.
public struct WatchNow: Sendable, Hashable {
  public let dueAt: Instant?
  public let liveness: Liveness
  public let title: [UInt8]?
  public let contradicted: Int64?
}

/// Asked in the transaction that records an effect, so that it is recorded once, whoever else was at work.
extension ReadTransaction {
  /// For each message whether nobody has recorded yet what became of it.
  ///
  /// A referral that was retracted on its way is unsettled: that the provider has it is what makes the recall due.
  public func unsettled(_ messages: [(id: ID<Referral>, kind: OutboundReferral.Kind)]) throws -> [Bool] {
    var found = Array(repeating: false, count: messages.count)
    var keys = CellBatch(width: 1, reservingRows: messages.count, bytesPerRow: 16)
    for message in messages { keys.identifier(message.id.identifier) }
    try connection.forEachRow(
      """
      SELECT CASE WHEN delivered_idx IS NULL AND refused_idx IS NULL THEN 1 ELSE 0 END,
        CASE WHEN must_recall = 1 AND recalled_idx IS NULL THEN 1 ELSE 0 END
      FROM referrals WHERE id = ?
      """, parameters: keys
    ) { position, row in
      found[position] = row.integer(messages[position].kind == .referral ? 0 : 1) == 1
    }
    return found
  }

  /// How these items stand now; one that is not watched is missing.
  public func watches(_ reportIndexes: [Int64]) throws -> [Int64: WatchNow] {
    var keys = CellBatch(width: 1, reservingRows: reportIndexes.count)
    for index in reportIndexes { keys.integer(index) }
    var found: [Int64: WatchNow] = [:]
    found.reserveCapacity(reportIndexes.count)
    try connection.forEachRow(
      """
      SELECT next_look_at, verdict, last_live_at, first_gone_at, title, contradicted_idx
      FROM watches WHERE item = ?
      """, parameters: keys
    ) { position, row in
      found[reportIndexes[position]] = WatchNow(
        dueAt: row.isNull(0) ? nil : row.instant(0),
        liveness: Liveness(
          verdict: row.optionalText(1).flatMap { Verdict(rawValue: $0) },
          lastLiveAt: row.isNull(2) ? nil : row.instant(2), firstGoneAt: row.isNull(3) ? nil : row.instant(3)),
        title: row.optionalBlob(4), contradicted: row.optionalInteger(5))
    }
    return found
  }

  /// Providers of whose items a look is due.
  public func providersWithDueLooks(at instant: Instant) throws -> [ID<Provider>] {
    try connection.rows(
      """
      SELECT id FROM providers WHERE row IN (
        SELECT watches.provider FROM watches JOIN items ON items.row = watches.item
        WHERE watches.next_look_at <= ? AND items.locator IS NOT NULL)
      ORDER BY id
      """, [.instant(instant)]
    ) { ID(try $0.identifier(0)) }
  }
}

/// What waits for a kind of worker.
public struct WorkDue: Sendable, Hashable {
  public let count: Int64
  /// Since when the oldest of it is due.
  public let oldest: Instant?
}

extension ReadTransaction {
  /// Referrals that are due to leave and recalls that are to be told.
  public func dispatchDue(at instant: Instant) throws -> WorkDue {
    try due(
      """
      SELECT count(*), min(due) FROM (
        SELECT coalesce(due_at, operations.h_hour) AS due
        FROM referrals LEFT JOIN operations ON operations.row = referrals.operation
        WHERE delivered_idx IS NULL AND refused_idx IS NULL AND retracted_idx IS NULL
          AND coalesce(due_at, operations.h_hour) <= ?
        UNION ALL SELECT delivered_at AS due FROM referrals WHERE must_recall = 1 AND recalled_idx IS NULL) AS waiting
      """, at: instant)
  }

  public func looksDue(at instant: Instant) throws -> WorkDue {
    try due("SELECT count(*), min(next_look_at) FROM watches WHERE next_look_at <= ?", at: instant)
  }

  /// Holds whose time is over.
  public func holdsDue(at instant: Instant) throws -> WorkDue {
    try due(
      """
      SELECT count(*), min(held_until) FROM deconflictions
      WHERE hold_idx IS NOT NULL AND lifted_idx IS NULL AND held_until <= ?
      """, at: instant)
  }

  private func due(_ sql: String, at instant: Instant) throws -> WorkDue {
    try connection.first(sql, [.instant(instant)]) { row in
      WorkDue(count: row.integer(0), oldest: row.isNull(1) ? nil : row.instant(1))
    } ?? WorkDue(count: 0, oldest: nil)
  }

  /// How many leaves the newest checkpoint speaks for; 0 where there is none.
  public func checkpointedSize() throws -> Int64 {
    try connection.first("SELECT max(size) FROM checkpoints") { $0.optionalInteger(0) ?? 0 } ?? 0
  }
}
