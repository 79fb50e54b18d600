/// One pass over a line: where it ends, and whether it needs a closer look.
///
/// Eight bytes are looked at in one step; ordinary ASCII lines need no second pass.
struct LineScan {
  /// The index of the LF, or the count of the bytes when there is none.
  let end: Int
  let foundLineFeed: Bool
  let hasNUL: Bool
  let hasNonASCII: Bool

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080
  private static let lineFeeds: UInt64 = 0x0A0A_0A0A_0A0A_0A0A

  init(_ bytes: Span<UInt8>, from start: Int) {
    let raw = bytes.bytes
    let count = bytes.count
    var at = start
    var seen: UInt64 = 0
    var nul: UInt64 = 0
    while count - at >= 8 {
      let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
      let feeds = Self.zeroBytes(of: word ^ Self.lineFeeds)
      if feeds != 0 {
        // The lowest mark is exact; a borrow can set false marks only above a true one.
        let before = (feeds & (0 &- feeds)) &- 1
        seen |= word & before
        nul |= Self.zeroBytes(of: word) & before
        end = at + feeds.trailingZeroBitCount / 8
        foundLineFeed = true
        hasNUL = nul != 0
        hasNonASCII = seen & Self.highs != 0
        return
      }
      seen |= word
      nul |= Self.zeroBytes(of: word)
      at += 8
    }
    while at < count, bytes[at] != 0x0A {
      seen |= UInt64(bytes[at])
      if bytes[at] == 0 { nul = 1 }
      at += 1
    }
    end = at
    foundLineFeed = at < count
    hasNUL = nul != 0
    hasNonASCII = seen & Self.highs != 0
  }

  /// Marks, with its high bit, the lowest byte that is zero (marks above it may be false).
  private static func zeroBytes(of word: UInt64) -> UInt64 {
    (word &- ones) & ~word & highs
  }
}
