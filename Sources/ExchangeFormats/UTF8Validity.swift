/// Well-formedness of UTF-8 as table 3-7 of the Unicode Standard defines it.
enum UTF8Validity {
  /// The index of the first byte of the first ill-formed sequence, or nil when all is well-formed.
  static func firstFault(in bytes: Span<UInt8>) -> Int? {
    var at = 0
    while at < bytes.count {
      let lead = bytes[at]
      if lead < 0x80 {
        at += 1
        continue
      }
      guard let length = sequenceLength(in: bytes, at: at, lead: lead) else { return at }
      at += length
    }
    return nil
  }

  private static func sequenceLength(in bytes: Span<UInt8>, at: Int, lead: UInt8) -> Int? {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      // E0 must not be overlong; ED must not reach the surrogates.
      if lead == 0xE0 { second = 0xA0...0xBF } else if lead == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      // F0 must not be overlong; F4 must not pass U+10FFFF.
      if lead == 0xF0 { second = 0x90...0xBF } else if lead == 0xF4 { second = 0x80...0x8F }
    default: return nil
    }
    guard bytes.count - at >= length, second.contains(bytes[at + 1]) else { return nil }
    for offset in 2..<max(length, 2) where bytes[at + offset] & 0xC0 != 0x80 { return nil }
    return length
  }
}
