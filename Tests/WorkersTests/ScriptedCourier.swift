import Domain
import Locators
import Synchronization
import Wire
import Workers

/// A provider's interface in memory: replies as it is told, and notes what came and how many came at once.
final class ScriptedCourier: Courier {
  typealias Reply = @Sendable (_ delivery: ReferralDelivery, _ parcel: Parcel) -> CourierReply

  private struct State {
    var parcels: [Parcel] = []
    var deliveries: [ReferralDelivery] = []
    var replies: [Reply] = []
    var running: [String: Int] = [:]
    var mostAtOnce: [String: Int] = [:]
  }

  private let state = Mutex(State())

  var parcels: [Parcel] { state.withLock { $0.parcels } }
  var deliveries: [ReferralDelivery] { state.withLock { $0.deliveries } }
  /// The most requests to one address that were under way together.
  var mostAtOnce: [String: Int] { state.withLock { $0.mostAtOnce } }

  /// What the next requests get; whatever comes after them is accepted.
  func script(_ replies: Reply...) { state.withLock { $0.replies += replies } }

  func post(_ parcel: Parcel) async -> CourierReply {
    let delivery = try? ReferralDelivery(parsing: parcel.body, mostMessages: 1_000)
    let reply = state.withLock { state -> Reply? in
      state.parcels.append(parcel)
      if let delivery { state.deliveries.append(delivery) }
      let running = state.running[parcel.url, default: 0] + 1
      state.running[parcel.url] = running
      state.mostAtOnce[parcel.url] = max(running, state.mostAtOnce[parcel.url] ?? 0)
      return state.replies.isEmpty ? nil : state.replies.removeFirst()
    }
    // Lets others in, if others come at all.
    for _ in 0..<20 { await Task.yield() }
    defer { state.withLock { $0.running[parcel.url, default: 1] -= 1 } }
    guard let delivery else { return .answered(status: 400, body: [], retryAfterSeconds: nil) }
    return (reply ?? Self.accept)(delivery, parcel)
  }

  static let accept: Reply = { delivery, _ in answer(delivery.messages.map { ($0.idempotencyKey, .accepted) }) }
  static let repeated: Reply = { delivery, _ in answer(delivery.messages.map { ($0.idempotencyKey, .repeated) }) }
  /// The provider has it, and its reply is lost.
  static let lost: Reply = { _, _ in .failed(.timeout) }

  static func status(_ status: Int, retryAfter: Int64? = nil) -> Reply {
    { _, _ in .answered(status: status, body: [], retryAfterSeconds: retryAfter) }
  }

  static func answer(
    _ results: [(key: String, status: DeliveryReply.Result.Status)], outcome: ProviderOutcome? = nil
  ) -> CourierReply {
    let reply = DeliveryReply(
      results: results.map { key, status in
        DeliveryReply.Result(
          idempotencyKey: key, status: status, reference: status == .rejected ? nil : "T-\(key.suffix(4))",
          reason: status == .rejected ? "not one of ours" : nil, outcome: outcome)
      })
    return .answered(status: 200, body: reply.json, retryAfterSeconds: nil)
  }
}

extension DispatchRoutes {
  /// Two providers, one for each channel that there is.
  static let scripted = DispatchRoutes([
    "chorus": DispatchRoute(
      channel: .api, url: "https://chorus.example/api", authentication: .bearer("secret"), batch: 3),
    "depot": DispatchRoute(
      channel: .webhook, url: "https://depot.example/hook", authentication: .webhook(key: [1]), batch: 200),
  ])
}
