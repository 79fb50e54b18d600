/// Characters beyond ASCII that end an address in running text.
///
/// Blanks, line ends, directional and zero-width marks, quotation marks, and the punctuation of scripts that
/// put no blank behind an address. Letters never do: an address may hold any script's.
enum TextDelimiter {
  /// How many bytes such a character takes at `start`; 0 when none stands there.
  static func length(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    let first = bytes[start]
    guard first >= 0xC2, start + 1 < bytes.count else { return 0 }
    let second = bytes[start + 1]
    if first == 0xC2 {
      // U+0085 next line, U+00A0 no-break space, « and ».
      return [0x85, 0xA0, 0xAB, 0xBB].contains(second) ? 2 : 0
    }
    // The Arabic comma, semicolon, question mark and full stop.
    if first == 0xD8 { return [0x8C, 0x9B, 0x9F].contains(second) ? 2 : 0 }
    if first == 0xDB { return second == 0x94 ? 2 : 0 }
    guard first == 0xE2 || first == 0xE3 || first == 0xEF, start + 2 < bytes.count else { return 0 }
    let scalar = UInt32(first & 0x0F) << 12 | UInt32(second & 0x3F) << 6 | UInt32(bytes[start + 2] & 0x3F)
    return isDelimiter(scalar) ? 3 : 0
  }

  private static func isDelimiter(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x200C, 0x200D: false  // Joiners belong to words of Persian and of Indian scripts.
    case 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F: true
    case 0x2018...0x201F, 0x2039, 0x203A, 0x2026: true
    case 0x3000...0x3002, 0x3008...0x3011, 0x3014...0x301B: true
    case 0xFEFF, 0xFF01, 0xFF08, 0xFF09, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF1F, 0xFF5B, 0xFF5D: true
    default: false
    }
  }
}
