public import Casework
public import Domain

/// Ends holds whose time is over.
public struct Deadlines: Worker {
  public let name = "deadlines"

  private let desk: Desk
  private let caller: Caller

  /// - Parameter caller: the installation's owner.
  public init(desk: Desk, caller: Caller) {
    self.desk = desk
    self.caller = caller
  }

  public func runDue(at instant: Instant) async throws -> Instant? {
    while try await desk.liftExpiredHolds(as: caller) > 0 {}
    return try await desk.nextHoldEnd(as: caller)
  }
}

/// Signs where the journal stands, so that others can keep it.
public struct Checkpoints: Worker {
  public let name = "checkpoints"

  private static let everySeconds: Int64 = 3_600

  private let desk: Desk
  private let caller: Caller

  /// - Parameter caller: the installation's owner.
  public init(desk: Desk, caller: Caller) {
    self.desk = desk
    self.caller = caller
  }

  public func runDue(at instant: Instant) async throws -> Instant? {
    _ = try await desk.checkpoint(as: caller)
    return instant.adding(seconds: Self.everySeconds)
  }
}
