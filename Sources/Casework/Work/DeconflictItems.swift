public import Domain
import Storage

extension Desk {
  /// How long a check holds before it must be made again.
  public static let checkSeconds: Int64 = 7 * 86_400

  /// Asks what other agencies of the installation do at these items' addresses, and holds where one asks to wait.
  public func deconflict(_ items: [ID<Item>], as caller: Caller) async throws -> [WorkOutcome] {
    try await checkOthersWork(items, clearing: false, as: caller)
  }

  /// Deconflicts items and clears those where nothing speaks against sending, in one commit.
  public func deconflictAndClear(_ items: [ID<Item>], as caller: Caller) async throws -> [WorkOutcome] {
    try await checkOthersWork(items, clearing: true, as: caller)
  }

  private func checkOthersWork(_ ids: [ID<Item>], clearing: Bool, as caller: Caller) async throws -> [WorkOutcome] {
    try caller.require(.deconflictItems)
    guard (1...Self.mostInOneRequest).contains(ids.count) else {
      throw Refusal.invalid("one request names 1 to \(Self.mostInOneRequest) items, not \(ids.count)")
    }
    return try await store.write(as: caller.user.id) { [keys] tx in
      try caller.confirm(.deconflictItems, in: tx.reading, at: tx.now)
      let items = try tx.reading.workItems(ids, for: caller.viewer)
      let asked = ids.compactMap { items[$0] }
      let others = try tx.reading.othersWork(
        at: asked.map { (keys.digests.locator(Array(($0.locator ?? "").utf8)), $0.owner) }, now: tx.now)
      let findings = Dictionary(zip(asked.map(\.id), others)) { first, _ in first }
      var work = WorkInProgress(tx)
      var index = tx.nextIndex
      for id in ids {
        try work.add(id) {
          guard let item = items[id] else { throw Refusal.notFound("such item") }
          let events = Self.check(
            item, findings[id] ?? OthersWork(), at: tx.now, index: index, clearing: clearing)
          index += Int64(events.count)
          return events
        }
      }
      return try work.record()
    }
  }

  /// `index` is the journal index that the check will have.
  private static func check(
    _ item: WorkItem, _ others: OthersWork, at now: Instant, index: Int64, clearing: Bool
  ) -> [any Event] {
    let result: Deconfliction.Result =
      if item.locator == nil { .unknown } else if others.interestUntil != nil { .interest } else if others.isReferred {
        .duplicate
      } else { .none }
    let validUntil = now.adding(seconds: checkSeconds)
    var events: [any Event] = [
      ItemDeconflicted(item: item.id, reportIndex: item.reportIndex, result: result, validUntil: validUntil)
    ]
    if others.interestUntil == nil, item.deconfliction?.heldUntil != nil, let hold = item.holdIndex {
      events.append(HoldLifted(item: item.id, reportIndex: item.reportIndex, hold: hold))
    }
    if let until = others.interestUntil {
      events.append(ItemHeld(item: item.id, reportIndex: item.reportIndex, check: index, until: until))
    } else if clearing, result == .none, item.confirmedAssessment != nil {
      events.append(
        ItemCleared(item: item.id, reportIndex: item.reportIndex, check: index, validUntil: validUntil))
    }
    return events
  }
}
