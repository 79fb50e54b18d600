import Domain
import Synchronization
import Wire

/// A request to a provider's referral address.
package struct ProviderRequest: Sendable {
  package let provider: RangeProvider
  package let body: [UInt8]
  /// A header's value by its name in lower case.
  package let headers: [String: String]

  package init(provider: RangeProvider, body: [UInt8], headers: [String: String] = [:]) {
    self.provider = provider
    self.body = body
    self.headers = headers
  }
}

extension RangeEngine {
  /// Takes a delivery in the manner of its provider; what it did stands in the file before it says so.
  package func deliver(_ request: ProviderRequest) throws(RangeFault) -> Response {
    let parsed: ReferralDelivery
    do { parsed = try ReferralDelivery(parsing: request.body, mostMessages: 100_000) } catch {
      return .problem(400, error.description)
    }
    let result = shared.withLock { shared -> Result<Response, RangeFault> in
      keepUp(&shared)
      do throws(RangeFault) { return .success(try take(parsed, request, &shared)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  private func take(
    _ delivery: ReferralDelivery, _ request: ProviderRequest, _ shared: inout Shared
  ) throws(RangeFault) -> Response {
    let provider = request.provider
    let now = shared.state.now
    let number = shared.state.counters.nextNumber()
    func turnAway(_ answer: String, _ response: Response) throws(RangeFault) -> Response {
      try record(delivery, provider, now, number, answers: delivery.messages.map { _ in (answer, nil) })
      return response
    }
    if provider == .depot, !isSigned(request, shared) {
      return try turnAway("401", .problem(401, "The signature does not hold."))
    }
    if delivery.messages.count > hosts.intakes[provider]?.batch ?? 1 {
      return try turnAway("413", .problem(413, "At most \(hosts.intakes[provider]?.batch ?? 1) messages at once."))
    }
    let manner = Manner(provider: provider, isVirtual: !isRealTime)
    if let most = manner.mostRequests, !shared.state.counters.admit(at: now, most: most) {
      let wait = RangeCalendar.quarter(atOrAfter: now + 1) - now
      return try turnAway(
        "429",
        .sent(
          status: 429, type: .text, headers: [("retry-after", String(wait))],
          body: Array("Too many requests.\n".utf8)))
    }
    var flakiness = Flakiness.none
    if provider == .mosaic, let first = delivery.messages.first {
      let attempt = shared.state.counters.attempt(firstKey: first.idempotencyKey)
      flakiness = Flakiness(world.source, firstKey: first.idempotencyKey, attempt: attempt)
    }
    switch flakiness {
    case .unavailable: return try turnAway("503", .problem(503, "Please come again later."))
    case .closed: return try turnAway("closed", .closed)
    case .none, .lost: break
    }
    var results: [DeliveryReply.Result] = []
    var answers: [(String, TakenMessage.Effect?)] = []
    for message in delivery.messages {
      let taken = shared.state.take(
        message.kind, key: message.idempotencyKey, locator: message.locator, at: provider)
      results.append(
        DeliveryReply.Result(
          idempotencyKey: message.idempotencyKey, status: taken.status, reference: taken.reference,
          reason: taken.reason, outcome: taken.outcome))
      answers.append((flakiness == .lost ? "lost" : taken.status.rawValue, taken.effect))
    }
    try record(delivery, provider, now, number, answers: answers)
    if flakiness == .lost { return .closed }
    return .json(DeliveryReply(results: results).json, status: provider == .depot ? 202 : 200)
  }

  private func record(
    _ delivery: ReferralDelivery, _ provider: RangeProvider, _ now: Int32, _ request: Int,
    answers: [(String, TakenMessage.Effect?)]
  ) throws(RangeFault) {
    var json = JSONWriter(reserving: 400 * delivery.messages.count)
    for (message, (answer, effect)) in zip(delivery.messages, answers) {
      MessageLine(
        provider: provider, at: now, request: request, delivery: "\(delivery.delivery)", locator: message.locator,
        key: message.idempotencyKey, kind: message.kind, answer: answer, effect: effect
      ).write(to: &json)
    }
    try directory.messages.append(json.finish())
  }

  private func isSigned(_ request: ProviderRequest, _ shared: Shared) -> Bool {
    guard let secret = shared.contact.webhookSecret else { return false }
    let now = RangeCalendar.instant(shared.state.now).microseconds / 1_000_000
    return WebhookSignature(secret: secret).holds(
      id: request.headers["webhook-id"], timestamp: request.headers["webhook-timestamp"],
      signature: request.headers["webhook-signature"], body: request.body, now: now)
  }
}
