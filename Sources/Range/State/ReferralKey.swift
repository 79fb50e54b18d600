import Domain

/// An idempotency key; most are identifiers, which take sixteen bytes.
enum ReferralKey: Hashable, Comparable {
  case identifier(Identifier)
  case text(String)

  init(_ text: String) {
    // Only a text that comes back letter for letter is kept as its value.
    if let identifier = Identifier(text), Self.text(of: identifier) == text {
      self = .identifier(identifier)
    } else {
      self = .text(text)
    }
  }

  var text: String {
    switch self {
    case .identifier(let identifier): Self.text(of: identifier)
    case .text(let text): text
    }
  }

  private static func text(of identifier: Identifier) -> String {
    var bytes: [UInt8] = []
    identifier.appendText(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A number that stands for the key where one of many is chosen.
  var mixed: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    switch self {
    case .identifier(let identifier): hash = (identifier.high ^ identifier.low) &* 0x9E37_79B9_7F4A_7C15
    case .text(let text): for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }
    return hash
  }
}

/// A referral as its provider keeps it.
struct HeldReferral {
  let key: ReferralKey
  /// The item's number; `WorldItem.nobody` where there is no such page.
  let item: Int32
  let at: Int32
  let provider: RangeProvider
  /// Of how many referrals of the same page this is the last, the first being 0.
  let generation: UInt8
  var outcome: ProviderOutcome
  var reason: Decision.Reason?
  var isDecided = false
  var isInReply = false
  var isRetracted = false
  var decidedAt: Int32 = 0
}
