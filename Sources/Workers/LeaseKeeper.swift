public import Domain
public import Meters
public import Storage
import Synchronization

/// The lanes that this process works on, beside any number of others.
///
/// A lane is taken when there is work on it and kept while there is; a task of its own renews all of them before half of
/// their time is over, whatever the workers wait for. With several processes each takes its share of what is due.
public final class LeaseKeeper: Sendable {
  /// How long a lane stays with a process that is gone.
  public static let standardSeconds: Int64 = 30

  private let store: Store
  private let clock: any Clock
  private let holder: Identifier
  private let seconds: Int64
  private let metrics: ServeMetrics?
  private let held = Mutex<[String: Held]>([:])
  /// What this process takes part in, and under which name it said so.
  private let memberships = Mutex<[String: String]>([:])

  private struct Held {
    var lease: Lease
    var until: Instant
    /// Whether it was worked on since it was last renewed.
    var isUsed = true
  }

  /// - Parameters:
  ///   - holder: of this process alone, and of this run of it.
  ///   - seconds: how long a lease lasts unless it is renewed.
  public init(
    store: Store, clock: any Clock, holder: Identifier, seconds: Int64 = LeaseKeeper.standardSeconds,
    metrics: ServeMetrics? = nil
  ) {
    self.store = store
    self.clock = clock
    self.holder = holder
    self.seconds = seconds
    self.metrics = metrics
  }

  // MARK: Taking

  /// Those of the lanes that are ours now, free ones taken as far as our share goes; paused ones are left out.
  ///
  /// - Parameters:
  ///   - names: the lanes that have work, each beginning with `role`.
  ///   - busy: lanes that are being worked on; they are not given away.
  public func hold(_ names: [String], of role: String, busy: Set<String> = []) async throws -> [Lease] {
    guard !names.isEmpty else { return [] }
    let now = clock.now()
    try await takePart(in: role, at: now)
    let ours = current(of: role, at: now)
    let wanted = Set(names)
    let share = try await share(of: wanted.union(ours.keys).count, of: role, at: now)
    if ours.count > share { return try await giveWay(ours, wanted: wanted, busy: busy, to: share) }
    let missing = names.filter { ours[$0] == nil }
    let room = share - ours.count
    guard room > 0, !missing.isEmpty else { return use(ours.values.filter { wanted.contains($0.name) }) }
    let states = try await store.lanes(missing)
    let free = missing.filter { states[$0]?.isFree(at: now) ?? true }.prefix(room)
    if !free.isEmpty { try await take(Array(free), known: Set(states.keys), of: role) }
    return use(current(of: role, at: now).values.filter { wanted.contains($0.name) })
  }

  private func take(_ names: [String], known: Set<String>, of role: String) async throws {
    let now = clock.now()
    let until = now.adding(seconds: seconds)
    let taken = try await store.takeLeases(names, known: known, for: holder, at: now, until: until)
    held.withLock { held in for lease in taken { held[lease.name] = Held(lease: lease, until: until) } }
    if !taken.isEmpty { metrics?.leasesTaken.add(Double(taken.count), role) }
    tellHeld()
  }

  /// What falls to this process of so many lanes.
  private func share(of lanes: Int, of role: String, at now: Instant) async throws -> Int {
    let members = max(1, try await store.members(of: role, at: now))
    return (lanes + members - 1) / members
  }

  /// Somebody has joined: what is over our share, and is not being worked on, is for others.
  private func giveWay(
    _ ours: [String: Lease], wanted: Set<String>, busy: Set<String>, to share: Int
  ) async throws -> [Lease] {
    let spare = ours.keys.filter { !busy.contains($0) }.sorted {
      (wanted.contains($0) ? 1 : 0, $0) < (wanted.contains($1) ? 1 : 0, $1)
    }
    let given = Set(spare.prefix(ours.count - share))
    try await handBack(Array(given))
    return use(ours.values.filter { wanted.contains($0.name) && !given.contains($0.name) })
  }

  private func use(_ leases: [Lease]) -> [Lease] {
    held.withLock { held in for lease in leases { held[lease.name]?.isUsed = true } }
    return leases.sorted { $0.name < $1.name }
  }

  private func current(of role: String, at now: Instant) -> [String: Lease] {
    held.withLock { held in
      held.filter { Self.role(of: $0.key) == role && $0.value.until > now }.mapValues(\.lease)
    }
  }

  private func takePart(in role: String, at now: Instant) async throws {
    guard memberships.withLock({ $0[role] }) == nil else { return }
    let name = try await store.join(role, as: holder, at: now, until: now.adding(seconds: seconds))
    memberships.withLock { $0[role] = name }
  }

  // MARK: Having

  /// Whether work may still begin under the lease; the transaction that records its effect asks again.
  public func isHeld(_ lease: Lease) -> Bool {
    held.withLock { $0[lease.name] }.map { $0.lease == lease && $0.until > clock.now() } ?? false
  }

  /// Says that the lane was worked on, so that it is kept.
  func touch(_ lease: Lease) { held.withLock { $0[lease.name]?.isUsed = true } }

  /// Gives a lane back until an instant, because its work failed so often in a row.
  public func postpone(_ lease: Lease, failures: Int64, until: Instant) async throws {
    forget(lease)
    try await store.postpone(lease, failures: failures, until: until)
  }

  /// The record said that the lease is gone.
  public func lost(_ lease: Lease) {
    // A renewal may have noticed before the work did.
    if forget(lease) { metrics?.leasesLost.add(1, Self.role(of: lease.name)) }
  }

  /// Whether it was known.
  @discardableResult
  private func forget(_ lease: Lease) -> Bool {
    let wasHeld = held.withLock { held in
      guard held[lease.name]?.lease == lease else { return false }
      held[lease.name] = nil
      return true
    }
    tellHeld()
    return wasHeld
  }

  // MARK: Renewing

  /// Renews what is held until the task is cancelled; what has had no work for that long is handed back.
  public func run(onFailure: @Sendable (any Error) -> Void) async {
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(seconds * 1_000 / 3))
      guard !Task.isCancelled else { return }
      do { try await renew() } catch { onFailure(error) }
    }
  }

  func renew() async throws {
    let now = clock.now()
    let (used, idle, gone) = held.withLock { held in
      var used: [Lease] = []
      var idle: [String] = []
      var gone: [Lease] = []
      for (name, entry) in held {
        let isSingle = name == Self.role(of: name)
        if entry.until <= now {
          gone.append(entry.lease)
        } else if entry.isUsed || isSingle {
          used.append(entry.lease)
        } else {
          idle.append(name)
        }
        held[name]?.isUsed = false
      }
      return (used, idle, gone)
    }
    for lease in gone { lost(lease) }
    if !idle.isEmpty { try await handBack(idle) }
    let until = now.adding(seconds: seconds)
    let members = memberships.withLock { $0 }
    guard !used.isEmpty || !members.isEmpty else { return }
    let kept = try await store.renewLeases(
      used.map(\.name).sorted() + members.values.sorted(), of: holder, at: now, until: until)
    for (role, name) in members where !kept.contains(name) { memberships.withLock { $0[role] = nil } }
    held.withLock { held in for lease in used where kept.contains(lease.name) { held[lease.name]?.until = until } }
    for lease in used where !kept.contains(lease.name) && isKnown(lease) { lost(lease) }
  }

  private func isKnown(_ lease: Lease) -> Bool { held.withLock { $0[lease.name]?.lease == lease } }

  // MARK: Giving back

  private func handBack(_ names: [String]) async throws {
    held.withLock { held in for name in names { held[name] = nil } }
    tellHeld()
    try await store.handBackLeases(names, of: holder)
  }

  /// Hands everything back, at the end: others go on at once.
  public func handBackAll() async throws {
    let names = held.withLock { Array($0.keys) } + memberships.withLock { Array($0.values) }
    guard !names.isEmpty else { return }
    memberships.withLock { $0 = [:] }
    try await handBack(names)
  }

  private func tellHeld() {
    guard let metrics else { return }
    var counts = ["dispatch": 0, "looks": 0, "deadlines": 0, "checkpoints": 0]
    held.withLock { held in for name in held.keys { counts[Self.role(of: name), default: 0] += 1 } }
    for (role, count) in counts { metrics.leasesHeld.set(Double(count), role) }
  }

  /// `dispatch/…` belongs to `dispatch`.
  static func role(of name: String) -> String { String(name.prefix { $0 != "/" }) }
}
