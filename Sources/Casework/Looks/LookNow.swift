public import Domain
import Storage

/// What somebody found who looked at once.
public struct HandLook: Sendable, Hashable {
  public let verdict: Verdict
  public let basis: VerdictBasis
  public let status: Int?
  public let lookedAt: Instant
}

extension Desk {
  /// Looks at an item that its provider has, and records what was found as a round of one.
  ///
  /// It is none of the nine scheduled looks, which go on as they would have.
  public func lookNow(at item: ID<Item>, with prober: (any Prober)?, as caller: Caller) async throws -> HandLook {
    try caller.require(.lookAtItems)
    let due = try await store.read { [now = clock.now()] tx in
      try caller.confirm(.lookAtItems, in: tx, at: now)
      return try Self.target(item, for: caller, in: tx)
    }
    guard let prober else { throw Refusal.notNow("this installation looks at nothing: it is served without workers") }
    guard let finding = await prober.look(at: [LookTarget(url: due.url, pack: due.pack)]).first else {
      throw Refusal.notNow("nothing was looked at: try again")
    }
    let digest = try blobs.keep(LookSegment.encode([finding], of: [due]))
    let title = finding.title.map { keys.digests.name($0, purpose: .pageTitle) }
    return try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.lookAtItems, in: tx.reading, at: tx.now)
      var round = LookedRound(at: tx.now)
      // Read again: a scheduled look may have come between.
      let verdict = round.add(finding, of: try Self.target(item, for: caller, in: tx.reading), title: title)
      try round.record([due.reportIndex], segment: digest, isByHand: true, tx)
      return HandLook(verdict: verdict, basis: finding.basis, status: finding.status, lookedAt: tx.now)
    }
  }

  private static func target(_ id: ID<Item>, for caller: Caller, in tx: ReadTransaction) throws -> DueLook {
    guard try tx.item(id, for: caller.viewer) != nil else { throw Refusal.notFound("such item") }
    guard let due = try tx.look(at: id) else {
      throw Refusal.notNow("no provider has a referral of this item yet: it is looked at once one has")
    }
    return due
  }
}
