public import Casework
public import Domain
import Storage
import Synchronization

/// Ends holds whose time is over.
public struct Deadlines: Worker {
  public let name = "deadlines"

  private let desk: Desk
  private let caller: Caller
  private let keeper: LeaseKeeper?

  /// - Parameters:
  ///   - caller: the installation's owner.
  ///   - keeper: nil where no other process can be at work, as in an exercise.
  public init(desk: Desk, caller: Caller, keeper: LeaseKeeper? = nil) {
    self.desk = desk
    self.caller = caller
    self.keeper = keeper
  }

  public func runDue(at instant: Instant) async throws -> Instant? {
    guard let keeper else { return try await lift(under: nil) }
    guard let lease = try await keeper.hold([name], of: name).first else { return nil }
    do { return try await lift(under: lease) } catch is LeaseLost {
      keeper.lost(lease)
      return nil
    }
  }

  private func lift(under lease: Lease?) async throws -> Instant? {
    while try await desk.liftExpiredHolds(under: lease, as: caller) > 0 {}
    return try await desk.nextHoldEnd(as: caller)
  }
}

/// Signs where the journal stands, so that others can keep it.
///
/// A checkpoint is a signature over what the journal says: made twice it is the same, so that it needs no fence.
public final class Checkpoints: Worker {
  public let name = "checkpoints"

  private static let everySeconds: Int64 = 3_600

  private let desk: Desk
  private let caller: Caller
  private let keeper: LeaseKeeper?
  private let due = Mutex<Instant?>(nil)

  /// - Parameters:
  ///   - caller: the installation's owner.
  ///   - keeper: nil where no other process can be at work.
  public init(desk: Desk, caller: Caller, keeper: LeaseKeeper? = nil) {
    self.desk = desk
    self.caller = caller
    self.keeper = keeper
  }

  public func runDue(at instant: Instant) async throws -> Instant? {
    if let keeper, try await keeper.hold([name], of: name).isEmpty {
      // Whoever takes the lane over signs at once.
      due.withLock { $0 = nil }
      return nil
    }
    // It is called after every commit; an hour is an hour.
    if let due = due.withLock(\.self), due > instant { return due }
    _ = try await desk.checkpoint(as: caller)
    let next = instant.adding(seconds: Self.everySeconds)
    due.withLock { $0 = next }
    return next
  }
}
