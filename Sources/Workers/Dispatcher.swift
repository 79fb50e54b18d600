public import Casework
public import Domain
import Storage
import Synchronization

/// Brings what is due to the providers: at least once on the wire, one effect at the receiver.
///
/// One request at a time for each provider, providers beside one another; what they replied is recorded in the
/// order of the items. When to try again is kept in memory: a restart tries at once.
public final class Dispatcher: Worker {
  public let name = "dispatch"

  private static let mostForOneProvider = 2_000
  private static let firstPauseSeconds: Int64 = 60
  private static let longestPauseSeconds: Int64 = 3_600

  private let desk: Desk
  private let caller: Caller
  private let courier: any Courier
  private let routes: DispatchRoutes
  private let sender: String
  private let pauses = Mutex<[ID<Provider>: Pause]>([:])

  private struct Pause {
    var failures = 0
    var until: Instant?
  }

  /// - Parameters:
  ///   - caller: the installation's owner.
  ///   - sender: the unit's name, told to providers.
  public init(desk: Desk, caller: Caller, courier: any Courier, routes: DispatchRoutes, sender: String) {
    self.desk = desk
    self.caller = caller
    self.courier = courier
    self.routes = routes
    self.sender = sender
  }

  public func runDue(at instant: Instant) async throws -> Instant? {
    let waiting = try await desk.outbound(at: instant, limit: Self.mostForOneProvider, as: caller)
    let due = waiting.filter { !$0.isEmpty && isDue($0[0].provider, at: instant) && route(of: $0) != nil }
    let rounds = await withTaskGroup(of: Round.self) { group in
      for messages in due { group.addTask { await self.deliver(messages, at: instant) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    try await desk.record(rounds.flatMap(\.delivered), as: caller)
    // A full page that went well has more behind it.
    if rounds.contains(where: { !$0.failed && $0.taken == Self.mostForOneProvider }) { return instant }
    return try await next(after: instant)
  }

  private struct Round: Sendable {
    var delivered: [DeliveredMessage] = []
    var taken = 0
    var failed = false
  }

  private func route(of messages: [OutboundReferral]) -> DispatchRoute? {
    routes.route(toPack: messages.first?.pack)
  }

  private func deliver(_ messages: [OutboundReferral], at instant: Instant) async -> Round {
    var round = Round(taken: messages.count)
    guard let route = route(of: messages), let provider = messages.first?.provider else { return round }
    var rest = messages[...]
    var most = route.batch
    while !rest.isEmpty {
      let batch = Array(rest.prefix(most))
      let attempt = DeliveryAttempt(
        messages: batch, route: route, sender: sender, sentAt: instant,
        earlierAttempts: pauses.withLock { $0[provider]?.failures ?? 0 })
      switch await attempt.run(through: courier) {
      case .settled(let delivered):
        round.delivered += delivered
        guard delivered.count == batch.count else {
          // The rest of the batch was left out of the reply: it is asked about again, not at once.
          pause(provider, seconds: nil, from: instant)
          round.failed = true
          return round
        }
        pauses.withLock { $0[provider] = nil }
        rest = rest.dropFirst(batch.count)
      case .tooLarge:
        most = batch.count / 2
      case .again(let seconds):
        pause(provider, seconds: seconds, from: instant)
        round.failed = true
        return round
      }
    }
    return round
  }

  private func isDue(_ provider: ID<Provider>, at instant: Instant) -> Bool {
    pauses.withLock { $0[provider]?.until.map { $0 <= instant } ?? true }
  }

  private func pause(_ provider: ID<Provider>, seconds: Int64?, from instant: Instant) {
    pauses.withLock { pauses in
      let failures = (pauses[provider]?.failures ?? 0) + 1
      let backoff = min(Self.firstPauseSeconds << Int64(min(failures - 1, 16)), Self.longestPauseSeconds)
      pauses[provider] = Pause(failures: failures, until: instant.adding(seconds: max(1, seconds ?? backoff)))
    }
  }

  private func next(after instant: Instant) async throws -> Instant? {
    let retry = pauses.withLock { $0.values.compactMap(\.until).filter { $0 > instant }.min() }
    // What is due and still there waits for a channel or for a pause to end.
    let due = try await desk.nextReferralDue(as: caller).flatMap { $0 > instant ? $0 : nil }
    return [retry, due].compactMap(\.self).min()
  }
}
