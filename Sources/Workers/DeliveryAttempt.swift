import Casework
import Crypto
import Domain
import Locators
import Storage
import Wire

/// One request to a provider, and what its reply means for each message.
struct DeliveryAttempt {
  let messages: [OutboundReferral]
  let route: DispatchRoute
  let sender: String
  let sentAt: Instant
  /// How often the first of the messages was tried before.
  let earlierAttempts: Int

  enum Outcome {
    /// The interface takes fewer messages in one request.
    case tooLarge
    /// Every message is settled.
    case settled([DeliveredMessage])
    /// Nothing is known or nothing was taken; to be tried again after so many seconds.
    case again(afterSeconds: Int64?)
  }

  /// Made from what it carries, so that it is the same in every run.
  private var delivery: Identifier {
    var hash = SHA256()
    for message in messages { message.id.identifier.withBytes { hash.update(bufferPointer: $0) } }
    // Another body is another delivery: a receiver may hold the key against what came with it before.
    withUnsafeBytes(of: sentAt.microseconds.bigEndian) { hash.update(bufferPointer: $0) }
    withUnsafeBytes(of: Int64(earlierAttempts).bigEndian) { hash.update(bufferPointer: $0) }
    return hash.finalize().withUnsafeBytes { bytes in
      Identifier(
        derivedFrom: (
          UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
          UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        ))
    }
  }

  func run(through courier: any Courier) async -> Outcome {
    let id = delivery
    let body = ReferralDelivery(delivery: id, sender: sender, sentAt: sentAt, messages: messages.map(message)).json
    let parcel = Parcel(
      url: route.url, id: id, sentAt: sentAt, body: body, authentication: route.authentication)
    switch await courier.post(parcel) {
    case .failed: return .again(afterSeconds: nil)
    case .answered(let status, let reply, let retryAfter):
      return read(reply, status: status, retryAfter: retryAfter, delivery: id, digest: Array(SHA256.hash(data: body)))
    }
  }

  private func message(_ outbound: OutboundReferral) -> ReferralMessage {
    ReferralMessage(
      idempotencyKey: outbound.id.description, kind: outbound.kind == .referral ? .referral : .retraction,
      locator: outbound.locator ?? "", categories: outbound.categories,
      reason: outbound.kind == .referral ? outbound.clause : nil,
      originator: outbound.originator ?? sender)
  }

  private func read(
    _ reply: [UInt8], status: Int, retryAfter: Int64?, delivery: Identifier, digest: [UInt8]
  ) -> Outcome {
    switch status {
    case 413 where messages.count > 1: return .tooLarge
    case 200..<300: return settle(reply, delivery: delivery, digest: digest)
    // Not now, or not us: the same request may be taken later.
    case 401, 403, 404, 408, 425, 429, 500...: return .again(afterSeconds: retryAfter)
    default:
      return .settled(
        messages.map {
          delivered($0, delivery, digest, .refused(reason: "the provider's interface replied with status \(status)"))
        })
    }
  }

  private func settle(_ body: [UInt8], delivery: Identifier, digest: [UInt8]) -> Outcome {
    guard let reply = try? DeliveryReply(parsing: body) else {
      // Standard Webhooks: any 2xx is an acknowledgement, whatever it says.
      guard route.channel == .webhook else { return .again(afterSeconds: nil) }
      return .settled(messages.map { delivered($0, delivery, digest, .accepted(reference: nil, answer: nil)) })
    }
    let results = Dictionary(reply.results.map { ($0.idempotencyKey, $0) }) { first, _ in first }
    let settled = messages.compactMap { message -> DeliveredMessage? in
      guard let result = results[message.id.description] else { return nil }
      return delivered(message, delivery, digest, meaning(of: result))
    }
    // A reply that leaves messages out says nothing about them: they stay in the outbox.
    return settled.isEmpty ? .again(afterSeconds: nil) : .settled(settled)
  }

  private func meaning(of result: DeliveryReply.Result) -> DeliveredMessage.Result {
    guard result.status != .rejected else { return .refused(reason: result.reason) }
    return .accepted(
      reference: result.reference,
      answer: result.outcome.map {
        ProviderAnswer(
          idempotencyKey: result.idempotencyKey, outcome: $0, reason: result.reason, reference: result.reference,
          decidedAt: sentAt)
      })
  }

  private func delivered(
    _ message: OutboundReferral, _ delivery: Identifier, _ digest: [UInt8], _ result: DeliveredMessage.Result
  ) -> DeliveredMessage {
    DeliveredMessage(
      message: message, delivery: delivery, bodyDigest: digest, attempts: earlierAttempts + 1,
      channel: route.channel.rawValue, result: result)
  }
}
