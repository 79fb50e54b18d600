public import Domain
public import Storage

/// A hold that a named person decides not to wait for.
public struct OverrideDraft: Sendable, Hashable {
  public let item: ID<Item>
  /// The journal index of the hold.
  public let hold: Int64
  public let reason: String

  public init(item: ID<Item>, hold: Int64, reason: String) {
    self.item = item
    self.hold = hold
    self.reason = reason
  }
}

extension Desk {
  /// Clears items whose check is valid and whom nobody asks to hold.
  public func clear(_ items: [ID<Item>], as caller: Caller) async throws -> [WorkOutcome] {
    try await work(.deconflictItems, on: items, as: caller, item: { $0 }) { _, item, tx in
      guard item.confirmedAssessment != nil else {
        throw Refusal.notNow("two people have to find the item referable first")
      }
      guard let check = item.deconfliction else { throw Refusal.notNow("the item has to be deconflicted first") }
      switch check.clear(at: tx.now) {
      case .clear: break
      case .held(let until): throw Refusal.notNow("an investigation asks to wait until \(until)")
      case .duplicate: throw Refusal.notNow("another agency refers it already")
      case .outdated: throw Refusal.notNow("the check is too old: deconflict the item again")
      }
      try requireCurrent(check, of: item, tx)
      return [
        ItemCleared(
          item: item.id, reportIndex: item.reportIndex, check: check.index, validUntil: check.validUntil)
      ]
    }
  }

  /// Throws where another agency has asked to wait since the check was made: nobody is held by it yet.
  func requireCurrent(_ check: Deconfliction, of item: WorkItem, _ tx: WriteTransaction) throws {
    guard let locator = item.locator else { return }
    let digest = keys.digests.locator(Array(locator.utf8))
    if try tx.reading.hasInterest(at: digest, notOf: item.owner, since: check.index, now: tx.now) {
      throw Refusal.notNow("the check is too old: deconflict the item again")
    }
  }

  /// Sends on although somebody asked to wait: in the caller's name, with a reason.
  public func overrideHolds(_ drafts: [OverrideDraft], as caller: Caller) async throws -> [WorkOutcome] {
    try await work(.overrideHolds, on: drafts, as: caller, item: \.item) { draft, item, tx in
      guard let check = item.deconfliction, check.isHeld(at: tx.now), let hold = item.holdIndex else {
        throw Refusal.notNow("nobody asks to wait for this item")
      }
      guard hold == draft.hold else { throw Refusal.stale("the hold") }
      guard !draft.reason.isEmpty else { throw Refusal.invalid("say in `reason` why the hold is overridden") }
      return [HoldOverridden(item: item.id, reportIndex: item.reportIndex, hold: hold, reason: draft.reason)]
    }
  }

  /// When the next hold runs out.
  public func nextHoldEnd(as caller: Caller) async throws -> Instant? {
    try requireOwner(caller)
    return try await store.read { try $0.nextHoldEnd() }
  }

  /// Lifts holds that have run out; returns how many.
  ///
  /// For the workers, who act in the name of the installation's owner.
  public func liftExpiredHolds(under lease: Lease? = nil, as caller: Caller) async throws -> Int {
    try requireOwner(caller)
    // Nobody's write waits for a look at the clock.
    guard let end = try await nextHoldEnd(as: caller), end <= clock.now() else { return 0 }
    return try await store.write(as: caller.user.id) { tx in
      if let lease { try tx.require(lease) }
      let expired = try tx.reading.expiredHolds(at: tx.now, limit: Self.mostInOneRequest)
      try tx.record(
        expired.map { tx.seal(HoldLifted(item: $0.item, reportIndex: $0.reportIndex, hold: $0.hold)) })
      return expired.count
    }
  }
}
