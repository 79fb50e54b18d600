public import Domain
import Locators
import Storage

/// That the caller's agency investigates what stands at an address, and asks others to wait.
public struct InterestDraft: Sendable, Hashable {
  public let address: String
  public let until: Instant
  public let note: String?

  public init(address: String, until: Instant, note: String?) {
    self.address = address
    self.until = until
    self.note = note
  }
}

extension Desk {
  /// The longest that one interest asks others to wait; it can be registered again.
  public static let longestInterestSeconds: Int64 = 90 * 86_400

  /// Registers interests in one commit, all or none; nobody learns of one but by having to wait.
  public func registerInterests(_ drafts: [InterestDraft], as caller: Caller) async throws -> [ID<Interest>] {
    try caller.require(.registerInterests)
    let digests = try drafts.map { draft in
      do { return keys.digests.locator(try locators.locate(reported: Array(draft.address.utf8)).utf8) } catch {
        throw Refusal.invalid("the address can't be read: \(error)")
      }
    }
    return try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.registerInterests, in: tx.reading, at: tx.now)
      let latest = tx.now.adding(seconds: Self.longestInterestSeconds)
      guard drafts.allSatisfy({ $0.until > tx.now && $0.until <= latest }) else {
        throw Refusal.invalid("an interest ends within \(Self.longestInterestSeconds / 86_400) days from now")
      }
      let events = zip(drafts, digests).map { draft, digest in
        InterestRegistered(
          interest: ID(tx.makeIdentifier()), agency: caller.user.agency, locator: digest, until: draft.until,
          note: draft.note)
      }
      try tx.record(events.map { tx.seal($0) })
      return events.map(\.interest)
    }
  }

  /// One interest.
  public func registerInterest(
    in address: String, until: Instant, note: String?, as caller: Caller
  ) async throws -> ID<Interest> {
    let ids = try await registerInterests([InterestDraft(address: address, until: until, note: note)], as: caller)
    guard let id = ids.first else { throw StorageError.damaged("the interest that was registered is not there") }
    return id
  }

  /// Nobody need wait for it any more; holds that rest on it end at the next check.
  public func withdrawInterest(_ id: ID<Interest>, as caller: Caller) async throws {
    try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.registerInterests, in: tx.reading, at: tx.now)
      guard try tx.reading.interestOwner(id) == caller.user.agency else { throw Refusal.notFound("such interest") }
      try tx.record(InterestWithdrawn(interest: id))
    }
  }
}
