import Crypto
import Domain

/// Checks a request by the Standard Webhooks specification, `v1`.
struct WebhookSignature {
  let secret: [UInt8]
  /// How far the sender's time may be from ours.
  static let tolerance: Int64 = 300

  /// - Parameter now: seconds since 1970 by the range's clock.
  func holds(id: String?, timestamp: String?, signature: String?, body: [UInt8], now: Int64) -> Bool {
    guard let id, let timestamp, let signature, let seconds = Int64(timestamp),
      abs(seconds.subtractingReportingOverflow(now).partialValue) <= Self.tolerance
    else { return false }
    let text = Array("\(id).\(timestamp).".utf8) + body
    let key = SymmetricKey(data: secret)
    return signature.split(separator: " ").contains { part in
      guard part.hasPrefix("v1,"), let code = Self.decode(part.dropFirst(3)) else { return false }
      return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: text, using: key)
    }
  }

  /// Base64 with padding; nil for anything else.
  static func decode(_ text: Substring) -> [UInt8]? {
    let bytes = Array(text.utf8)
    guard bytes.count.isMultiple(of: 4) else { return nil }
    var output: [UInt8] = []
    var word: UInt32 = 0
    let digits = bytes.suffix(2).contains(0x3D) ? bytes.dropLast(bytes.suffix(2).count { $0 == 0x3D }) : bytes[...]
    for (position, byte) in digits.enumerated() {
      let value: UInt8
      switch byte {
      case 0x41...0x5A: value = byte - 0x41
      case 0x61...0x7A: value = byte - 0x61 + 26
      case 0x30...0x39: value = byte - 0x30 + 52
      case 0x2B: value = 62
      case 0x2F: value = 63
      default: return nil
      }
      word = word << 6 | UInt32(value)
      if position % 4 > 0 { output.append(UInt8(truncatingIfNeeded: word >> UInt32(6 - 2 * (position % 4)))) }
    }
    return output
  }
}
