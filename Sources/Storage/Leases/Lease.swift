public import Domain

/// The right to work on a lane for a while; effects are recorded under it, or not at all.
public struct Lease: Sendable, Hashable {
  /// The lane: `dispatch/…`, `looks/…`, `deadlines` or `checkpoints`.
  public let name: String
  /// The process that has it.
  public let holder: Identifier
  /// Raised with every taking, so that a holder of before can be told from the one of now.
  public let fence: Int64
  /// How often in a row the work of this lane had failed when it was taken.
  public let failures: Int64

  public init(name: String, holder: Identifier, fence: Int64, failures: Int64) {
    self.name = name
    self.holder = holder
    self.fence = fence
    self.failures = failures
  }
}

/// How a lane stands, whoever asks.
public struct LaneState: Sendable, Hashable {
  public let holder: Identifier?
  /// When the lease runs out.
  public let until: Instant
  /// Before this instant nobody is to work on it.
  public let nextTryAt: Instant?

  /// Whether it may be taken.
  public func isFree(at instant: Instant) -> Bool { until <= instant && (nextTryAt ?? instant) <= instant }
}

/// The lane is somebody else's by now, or the lease has run out; nothing was recorded.
public struct LeaseLost: Error, Sendable, Hashable {
  public let name: String

  public init(name: String) { self.name = name }
}

extension WriteTransaction {
  /// Whether the lease is in force, and stays so until this commit: nobody can take the lane before.
  public func holds(_ lease: Lease) throws -> Bool {
    // An update that changes nothing: where rows are locked one by one, it keeps the lane's row for this commit.
    try connection.execute(
      "UPDATE leases SET fence = fence WHERE name = ? AND holder = ? AND fence = ? AND until > ?",
      [.text(lease.name), .identifier(lease.holder), .integer(lease.fence), .instant(clock.now())]) == 1
  }

  /// Throws ``LeaseLost`` unless the lease is in force until this commit.
  public func require(_ lease: Lease) throws {
    guard try holds(lease) else { throw LeaseLost(name: lease.name) }
  }
}
