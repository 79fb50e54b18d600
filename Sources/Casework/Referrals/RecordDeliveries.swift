public import Domain
public import Storage

/// What became of one message of a delivery.
public struct DeliveredMessage: Sendable, Hashable {
  public enum Result: Sendable, Hashable {
    /// The provider has it; with its answer where it decided at once.
    case accepted(reference: String?, answer: ProviderAnswer?)
    /// The provider's interface does not take it.
    case refused(reason: String?)
  }

  public let message: OutboundReferral
  /// The request that carried it.
  public let delivery: Identifier
  /// SHA-256 of the request's body.
  public let bodyDigest: [UInt8]
  public let attempts: Int
  public let channel: String
  public let result: Result

  public init(
    message: OutboundReferral, delivery: Identifier, bodyDigest: [UInt8], attempts: Int, channel: String,
    result: Result
  ) {
    self.message = message
    self.delivery = delivery
    self.bodyDigest = bodyDigest
    self.attempts = attempts
    self.channel = channel
    self.result = result
  }
}

extension Desk {
  /// What waits for each provider at this instant, up to `limit` for each.
  ///
  /// For the dispatcher, which acts in the name of the installation's owner.
  public func outbound(at instant: Instant, limit: Int, as caller: Caller) async throws -> [[OutboundReferral]] {
    try requireOwner(caller)
    return try await store.read { tx in
      try tx.providersWithOutbound(at: instant).map { provider in
        let recalls = try tx.recalls(to: provider, limit: limit)
        return try recalls + tx.outbound(to: provider, at: instant, limit: limit - recalls.count)
      }
    }
  }

  /// Providers for whom something waits that is due at this instant.
  public func outboundProviders(at instant: Instant, as caller: Caller) async throws -> [Provider] {
    try requireOwner(caller)
    return try await store.read { tx in
      try tx.providersWithOutbound(at: instant).compactMap { try tx.provider($0) }
    }
  }

  /// What waits for one provider at this instant.
  public func outbound(
    to provider: ID<Provider>, at instant: Instant, limit: Int, as caller: Caller
  ) async throws -> [OutboundReferral] {
    try requireOwner(caller)
    return try await store.read { tx in
      let recalls = try tx.recalls(to: provider, limit: limit)
      return try recalls + tx.outbound(to: provider, at: instant, limit: limit - recalls.count)
    }
  }

  /// When the next referral is due by itself.
  public func nextReferralDue(as caller: Caller) async throws -> Instant? {
    try requireOwner(caller)
    return try await store.read { try $0.nextReferralDue() }
  }

  /// Records which messages the providers have, with what they answered at once; in the order of the items.
  ///
  /// Returns those that are news: what another process has recorded meanwhile is left out. Throws ``LeaseLost`` where
  /// the lease is no longer in force.
  @discardableResult
  public func record(
    _ messages: [DeliveredMessage], under lease: Lease? = nil, as caller: Caller
  ) async throws -> [DeliveredMessage] {
    try requireOwner(caller)
    let sorted = messages.sorted { $0.message.item < $1.message.item }
    return try await store.write(as: caller.user.id) { tx in
      if let lease { try tx.require(lease) }
      let waiting = try tx.reading.unsettled(sorted.map { ($0.message.id, $0.message.kind) })
      let news = zip(sorted, waiting).filter(\.1).map(\.0)
      try tx.record(news.map { tx.seal(Self.event(of: $0)) })
      for message in news {
        if case .accepted(_, let answer?) = message.result {
          _ = try tx.record([answer], of: message.message.provider)
        }
      }
      return news
    }
  }

  private static func event(of delivered: DeliveredMessage) -> any Event {
    let message = delivered.message
    switch (message.kind, delivered.result) {
    case (.referral, .accepted(let reference, _)):
      return DispatchDelivered(
        item: message.item, reportIndex: message.reportIndex, referral: message.id,
        delivery: delivered.delivery.bytes, bodyDigest: delivered.bodyDigest, attempts: Int64(delivered.attempts),
        channel: delivered.channel, reference: reference)
    case (.referral, .refused(let reason)):
      return DispatchRefused(
        item: message.item, reportIndex: message.reportIndex, referral: message.id,
        delivery: delivered.delivery.bytes, reason: reason)
    case (.retraction, _):
      return RecallDelivered(
        item: message.item, reportIndex: message.reportIndex, referral: message.id,
        delivery: delivered.delivery.bytes)
    }
  }

  /// Workers act in the name of the installation's owner; for anybody else their work does not exist.
  func requireOwner(_ caller: Caller) throws(Refusal) {
    guard caller.user.isOwner else { throw .notFound("such work") }
  }
}
