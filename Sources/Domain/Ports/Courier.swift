/// What carries a message to a provider: one request, one reply, no retries of its own.
public protocol Courier: Sendable {
  func post(_ parcel: Parcel) async -> CourierReply
}

/// One request to a provider's endpoint.
public struct Parcel: Sendable, Hashable {
  public enum Authentication: Sendable, Hashable {
    case none
    /// `Authorization: Bearer …`.
    case bearer(String)
    /// Standard Webhooks, `v1`: HMAC-SHA-256 under this key over `id.timestamp.body`.
    case webhook(key: [UInt8])
  }

  public let url: String
  /// The delivery's identifier: `Idempotency-Key`, and `webhook-id` of a webhook.
  public let id: Identifier
  public let sentAt: Instant
  public let body: [UInt8]
  public let authentication: Authentication

  public init(url: String, id: Identifier, sentAt: Instant, body: [UInt8], authentication: Authentication) {
    self.url = url
    self.id = id
    self.sentAt = sentAt
    self.body = body
    self.authentication = authentication
  }
}

/// What came back.
public enum CourierReply: Sendable, Hashable {
  case answered(status: Int, body: [UInt8], retryAfterSeconds: Int64?)
  /// Whether the provider has it is not known.
  case failed(VerdictBasis)
}
