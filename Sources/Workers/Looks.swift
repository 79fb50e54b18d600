public import Casework
public import Domain
import Storage

/// Looks for itself whether what was referred is gone.
///
/// Alone, as in an exercise, it looks at everything that is due in the order of the items. Beside other processes it has
/// a lane for each provider, so that politeness holds over all of them, and goes on in short rounds that can be stopped.
public final class Looks: Worker {
  public let name = "looks"

  /// A commit of so many looks holds the lane for some ten milliseconds.
  private static let looksInOneRound = 2_000
  /// Beside others, the first round: what a provider that wants two requests a second is asked in a minute and a half.
  private static let looksOfAFirstRound = 200
  /// A round that is over sooner may be followed by one of twice as many: commits cost more than such looks.
  private static let quickMicroseconds: Int64 = 2_000_000
  private static let mostLanes = 32
  private static let recoverySeconds = 5

  private let desk: Desk
  private let caller: Caller
  private let prober: any Prober
  private let keeper: LeaseKeeper?
  private let reports: WorkReports
  private let crew = LaneCrew(most: mostLanes)
  private let bell = CommitBell()

  /// - Parameters:
  ///   - caller: the installation's owner.
  ///   - keeper: nil where no other process can be at work, as in an exercise.
  public init(
    desk: Desk, caller: Caller, prober: any Prober, keeper: LeaseKeeper? = nil, reports: WorkReports = WorkReports()
  ) {
    self.desk = desk
    self.caller = caller
    self.prober = prober
    self.keeper = keeper
    self.reports = reports
  }

  public func runDue(at instant: Instant) async throws -> Instant? {
    if let keeper { return try await beginLanes(of: keeper, at: instant) }
    return try await runRounds(at: instant)
  }

  public func endings() -> AsyncStream<Void>? { keeper == nil ? nil : bell.listen() }

  public func stop() async { await crew.stop() }

  /// Returns once no lane is under way.
  public func settle() async { await crew.settle() }

  // MARK: Beside other processes

  private func beginLanes(of keeper: LeaseKeeper, at instant: Instant) async throws -> Instant? {
    let providers = try await desk.providersWithDueLooks(at: instant, as: caller)
    let lanes = Dictionary(providers.map { ("\(name)/\($0)", $0) }) { first, _ in first }
    for lease in try await keeper.hold(lanes.keys.sorted(), of: name, busy: crew.busy) {
      guard let provider = lanes[lease.name] else { continue }
      crew.begin(lease, ended: { [bell] in bell.ring() }) { await self.look(at: provider, under: lease, of: keeper) }
    }
    // What is due and still there is under way or somebody else's.
    return try await desk.nextLookDue(as: caller).flatMap { $0 > instant ? $0 : nil }
  }

  private func look(at provider: ID<Provider>, under lease: Lease, of keeper: LeaseKeeper) async {
    var most = Self.looksOfAFirstRound
    do {
      while keeper.isHeld(lease) {
        let began = desk.clock.now()
        let due = try await desk.dueLooks(of: provider, at: began, limit: most, as: caller)
        guard !due.isEmpty else { return }
        keeper.touch(lease)
        let findings = await prober.look(at: due.map { LookTarget(url: $0.url, pack: $0.pack) })
        // Stopped in between, some of the findings are of looks that were never made.
        try Task.checkCancellation()
        reports.tell(try await desk.record(findings, of: due, under: lease, as: caller))
        if desk.clock.now().microseconds - began.microseconds < Self.quickMicroseconds {
          most = min(most * 2, Self.looksInOneRound)
        }
      }
    } catch is LeaseLost {
      keeper.lost(lease)
    } catch is CancellationError {
      return
    } catch {
      reports.onFailure(name, error)
      try? await Task.sleep(for: .seconds(Self.recoverySeconds))
    }
  }

  // MARK: Alone

  /// While one page is looked at, the page before it is recorded.
  private func runRounds(at instant: Instant) async throws -> Instant? {
    var after: Int64 = -1
    var recording: Task<Void, any Error>?
    while true {
      let due = try await desk.dueLooks(at: instant, after: after, limit: Self.looksInOneRound, as: caller)
      guard let last = due.last else { break }
      let findings = await prober.look(at: due.map { LookTarget(url: $0.url, pack: $0.pack) })
      try await recording?.value
      try Task.checkCancellation()
      recording = Task { [desk, caller] in try await desk.record(findings, of: due, as: caller) }
      after = last.reportIndex
      if due.count < Self.looksInOneRound { break }
    }
    try await recording?.value
    return try await desk.nextLookDue(as: caller)
  }
}
