public import Domain
public import Storage

extension Desk {
  /// How long an outlet may be watched before somebody has to review why.
  public static let reviewSeconds: Int64 = 365 * 86_400

  /// Watches an outlet from now on; the operation must be one in which the caller's agency takes part.
  public func registerOutlet(
    _ name: String, operation: ID<Operation>?, as caller: Caller
  ) async throws -> ID<Outlet> {
    try caller.require(.watchOutlets)
    let name = try Self.checked(name, "outlet")
    let digest = keys.digests.name(name, purpose: .outlet)
    return try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.watchOutlets, in: tx.reading, at: tx.now)
      guard try !tx.reading.hasOutlet(nameDigest: digest, of: caller.user.agency) else {
        throw Refusal.taken("the outlet's name")
      }
      try Self.requirePart(in: operation, of: caller, tx.reading)
      let outlet = ID<Outlet>(tx.makeIdentifier())
      try tx.record(
        OutletRegistered(
          outlet: outlet, agency: caller.user.agency, operation: operation, nameDigest: digest,
          reviewAt: tx.now.adding(seconds: Self.reviewSeconds), name: name))
      return outlet
    }
  }

  /// Records what could be seen of outlets on one day.
  public func observe(_ days: [(outlet: ID<Outlet>, day: OutletDay)], as caller: Caller) async throws {
    try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.watchOutlets, in: tx.reading, at: tx.now)
      let own = Set(try tx.reading.outlets(of: caller.user.agency).map(\.id))
      for (outlet, day) in days {
        guard own.contains(outlet) else { throw Refusal.notFound("such outlet") }
        try tx.record(
          OutletObserved(outlet: outlet, day: day.day, posts: day.posts, accounts: day.accounts, reach: day.reach))
      }
    }
  }

  public func outlets(as caller: Caller) async throws -> [(outlet: Outlet, days: [OutletDay])] {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readItems, in: tx, at: now)
      return try tx.outlets(of: caller.user.agency).map { ($0, try tx.observations(of: $0.id)) }
    }
  }

  static func requirePart(
    in operation: ID<Operation>?, of caller: Caller, _ tx: ReadTransaction
  ) throws {
    guard let operation else { return }
    guard try tx.operation(operation, of: caller.user.agency) != nil else {
      throw Refusal.notFound("such operation")
    }
  }
}
