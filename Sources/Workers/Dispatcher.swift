public import Casework
public import Domain
import Storage
import Synchronization

/// Brings what is due to the providers: at least once on the wire, one effect at the receiver.
///
/// One request at a time for each provider, providers beside one another. Alone, as in an exercise, it does a round at a
/// time and records what all replied in the order of the items. Beside other processes it works on the lanes that its
/// keeper has, each by itself, records reply by reply, and leaves with the lane when to try again.
public final class Dispatcher: Worker {
  public let name = "dispatch"

  static let mostForOneProvider = 2_000
  private static let mostLanes = 256
  private static let firstPauseSeconds: Int64 = 60
  private static let longestPauseSeconds: Int64 = 3_600
  /// After an error that is nobody's reply.
  private static let recoverySeconds = 5

  private let desk: Desk
  private let caller: Caller
  private let courier: any Courier
  private let routes: DispatchRoutes
  private let sender: String
  private let keeper: LeaseKeeper?
  private let reports: WorkReports
  private let crew = LaneCrew(most: mostLanes)
  private let bell = CommitBell()
  private let pauses = Mutex<[ID<Provider>: Pause]>([:])

  private struct Pause {
    var failures: Int64
    var until: Instant
  }

  /// - Parameters:
  ///   - caller: the installation's owner.
  ///   - sender: the unit's name, told to providers.
  ///   - keeper: nil where no other process can be at work, as in an exercise.
  public init(
    desk: Desk, caller: Caller, courier: any Courier, routes: DispatchRoutes, sender: String,
    keeper: LeaseKeeper? = nil, reports: WorkReports = WorkReports()
  ) {
    self.desk = desk
    self.caller = caller
    self.courier = courier
    self.routes = routes
    self.sender = sender
    self.keeper = keeper
    self.reports = reports
  }

  public func runDue(at instant: Instant) async throws -> Instant? {
    if let keeper { return try await beginLanes(of: keeper, at: instant) }
    return try await runRound(at: instant)
  }

  public func endings() -> AsyncStream<Void>? { keeper == nil ? nil : bell.listen() }

  public func stop() async { await crew.stop() }

  /// Returns once no lane is under way.
  public func settle() async { await crew.settle() }

  // MARK: Beside other processes

  private func beginLanes(of keeper: LeaseKeeper, at instant: Instant) async throws -> Instant? {
    let providers = try await desk.outboundProviders(at: instant, as: caller)
    let reachable = providers.filter { routes.route(toPack: $0.pack) != nil }
    let lanes = Dictionary(reachable.map { ("\(name)/\($0.id)", $0.id) }) { first, _ in first }
    for lease in try await keeper.hold(lanes.keys.sorted(), of: name, busy: crew.busy) {
      guard let provider = lanes[lease.name] else { continue }
      crew.begin(lease, ended: { [bell] in bell.ring() }) { await self.work(for: provider, under: lease, of: keeper) }
    }
    let retry = try await desk.store.nextTry(in: "\(name)/", after: instant)
    return try await next(after: instant, retry)
  }

  /// Delivers what is due to one provider until there is nothing left, the lane is lost, or it has to wait.
  private func work(for provider: ID<Provider>, under lease: Lease, of keeper: LeaseKeeper) async {
    do {
      var failures = lease.failures
      while keeper.isHeld(lease), !Task.isCancelled {
        let now = desk.clock.now()
        let messages = try await desk.outbound(to: provider, at: now, limit: Self.mostForOneProvider, as: caller)
        guard let route = route(of: messages) else { return }
        keeper.touch(lease)
        let ending = try await deliver(messages, by: route, failures, at: now) { delivered, isWhole in
          reports.tell(try await desk.record(delivered, under: lease, as: caller))
          if isWhole, failures > 0 {
            try await desk.store.forgetFailures(of: lease)
            failures = 0
          }
          return keeper.isHeld(lease) && !Task.isCancelled
        }
        if case .wait(let seconds, let left) = ending {
          reports.tellAgain(left)
          let pause = Self.pause(after: failures, seconds: seconds, from: desk.clock.now())
          return try await keeper.postpone(lease, failures: pause.failures, until: pause.until)
        }
      }
    } catch is LeaseLost {
      keeper.lost(lease)
    } catch {
      reports.onFailure(name, error)
      try? await Task.sleep(for: .seconds(Self.recoverySeconds))
    }
  }

  // MARK: Alone

  private struct Round: Sendable {
    var delivered: [DeliveredMessage] = []
    var taken = 0
    var failed = false
  }

  private func runRound(at instant: Instant) async throws -> Instant? {
    let waiting = try await desk.outbound(at: instant, limit: Self.mostForOneProvider, as: caller)
    let due = waiting.filter { !$0.isEmpty && isDue($0[0].provider, at: instant) && route(of: $0) != nil }
    let rounds = try await withThrowingTaskGroup(of: Round.self) { group in
      for messages in due { group.addTask { try await self.runAlone(messages, at: instant) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    try await desk.record(rounds.flatMap(\.delivered), as: caller)
    // A full page that went well has more behind it.
    if rounds.contains(where: { !$0.failed && $0.taken == Self.mostForOneProvider }) { return instant }
    let retry = pauses.withLock { $0.values.map(\.until).filter { $0 > instant }.min() }
    return try await next(after: instant, retry)
  }

  private func runAlone(_ messages: [OutboundReferral], at instant: Instant) async throws -> Round {
    var round = Round(taken: messages.count)
    guard let route = route(of: messages), let provider = messages.first?.provider else { return round }
    var failures = pauses.withLock { $0[provider]?.failures ?? 0 }
    let ending = try await deliver(messages, by: route, failures, at: instant) { delivered, isWhole in
      round.delivered += delivered
      if isWhole { failures = 0 }
      return true
    }
    pauses.withLock { pauses in
      if case .wait(let seconds, _) = ending {
        pauses[provider] = Self.pause(after: failures, seconds: seconds, from: instant)
      } else {
        pauses[provider] = nil
      }
    }
    if case .wait = ending { round.failed = true }
    return round
  }

  private func isDue(_ provider: ID<Provider>, at instant: Instant) -> Bool {
    pauses.withLock { $0[provider].map { $0.until <= instant } ?? true }
  }

  // MARK: One provider

  private enum Ending {
    /// Everything was settled, or it was not to go on.
    case done
    /// To be tried again after the provider's own seconds, or ours; so many messages are left.
    case wait(seconds: Int64?, left: Int)
  }

  /// Sends messages batch by batch, `settle` being told after each what is settled and whether that is
  /// all of it; it says whether to go on.
  private func deliver(
    _ messages: [OutboundReferral], by route: DispatchRoute, _ failures: Int64, at instant: Instant,
    settle: (_ delivered: [DeliveredMessage], _ isWhole: Bool) async throws -> Bool
  ) async throws -> Ending {
    var rest = messages[...]
    var most = route.batch
    var earlier = failures
    while !rest.isEmpty {
      let batch = Array(rest.prefix(most))
      let attempt = DeliveryAttempt(
        messages: batch, route: route, sender: sender, sentAt: instant, earlierAttempts: Int(earlier))
      switch await attempt.run(through: courier) {
      case .settled(let delivered) where delivered.count == batch.count:
        earlier = 0
        guard try await settle(delivered, true) else { return .done }
        rest = rest.dropFirst(batch.count)
      case .settled(let delivered):
        // The rest of the batch was left out of the reply: it is asked about again, not at once.
        _ = try await settle(delivered, false)
        return .wait(seconds: nil, left: rest.count - delivered.count)
      case .tooLarge:
        most = batch.count / 2
      case .again(let seconds):
        return .wait(seconds: seconds, left: rest.count)
      }
    }
    return .done
  }

  private func route(of messages: [OutboundReferral]) -> DispatchRoute? {
    routes.route(toPack: messages.first?.pack)
  }

  private static func pause(after failures: Int64, seconds: Int64?, from instant: Instant) -> Pause {
    let backoff = min(firstPauseSeconds << min(failures, 16), longestPauseSeconds)
    return Pause(failures: failures + 1, until: instant.adding(seconds: max(1, seconds ?? backoff)))
  }

  private func next(after instant: Instant, _ retry: Instant?) async throws -> Instant? {
    // What is due and still there waits for a channel, for a pause to end, or is somebody else's.
    let due = try await desk.nextReferralDue(as: caller).flatMap { $0 > instant ? $0 : nil }
    return [retry, due].compactMap(\.self).min()
  }
}
