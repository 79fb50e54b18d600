public import Domain
import Locators
import Storage

extension Desk {
  /// The longest that one interest asks others to wait; it can be registered again.
  public static let longestInterestSeconds: Int64 = 90 * 86_400

  /// Tells that the caller's agency investigates what stands at an address; nobody learns it but by having to wait.
  public func registerInterest(
    in address: String, until: Instant, note: String?, as caller: Caller
  ) async throws -> ID<Interest> {
    try caller.require(.registerInterests)
    let located: [UInt8]
    do { located = try locators.locate(reported: Array(address.utf8)).utf8 } catch {
      throw Refusal.invalid("the address can't be read: \(error)")
    }
    let digest = keys.digests.locator(located)
    return try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.registerInterests, in: tx.reading, at: tx.now)
      guard until > tx.now, until <= tx.now.adding(seconds: Self.longestInterestSeconds) else {
        throw Refusal.invalid("an interest ends within \(Self.longestInterestSeconds / 86_400) days from now")
      }
      let interest = ID<Interest>(tx.makeIdentifier())
      try tx.record(
        InterestRegistered(
          interest: interest, agency: caller.user.agency, locator: digest, until: until, note: note))
      return interest
    }
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
