import Crypto
public import Domain
import Foundation

/// The header fields of Standard Webhooks 1.0, symmetric scheme `v1`.
public enum WebhookSignature {
  /// `webhook-id`, `webhook-timestamp` and `webhook-signature`, in this order.
  ///
  /// Signed is `id.timestamp.body` with HMAC-SHA-256; the timestamp is whole seconds since 1970.
  public static func headers(
    id: Identifier, sentAt: Instant, body: [UInt8], key: [UInt8]
  ) -> [(name: String, value: String)] {
    headers(id: id.description, seconds: sentAt.wholeSeconds, body: body, key: key)
  }

  /// As above, for an identifier of any form.
  package static func headers(
    id: String, seconds: Int64, body: [UInt8], key: [UInt8]
  ) -> [(name: String, value: String)] {
    var code = HMAC<SHA256>(key: SymmetricKey(data: key))
    code.update(data: Array("\(id).\(seconds).".utf8))
    code.update(data: body)
    let signature = Data(code.finalize()).base64EncodedString()
    return [
      ("webhook-id", id), ("webhook-timestamp", "\(seconds)"), ("webhook-signature", "v1,\(signature)"),
    ]
  }
}

extension Instant {
  /// Seconds since 1970, rounded down.
  var wholeSeconds: Int64 {
    let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return rest < 0 ? seconds - 1 : seconds
  }
}
