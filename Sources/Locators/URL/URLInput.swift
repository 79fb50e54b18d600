/// The step before parsing: UTF-8 decode, trimming, and removal of tabs and newlines (section 4.4, 1 to 3).
enum URLInput {
  /// Calls `body` with the input as well-formed UTF-8, trimmed and without tabs and newlines.
  static func withPreparedBytes<R>(
    _ input: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) throws(URLFault) -> R
  ) throws(URLFault) -> R {
    var start = 0
    var end = input.count
    while start < end, input[start] <= 0x20 { start += 1 }
    while end > start, input[end - 1] <= 0x20 { end -= 1 }
    let trimmed = UnsafeBufferPointer(rebasing: input[start..<end])
    var mask: UInt8 = 0
    var needsRemoval = false
    for byte in trimmed {
      mask |= byte
      needsRemoval = needsRemoval || isTabOrNewline(byte)
    }
    let isWellFormed = mask < 0x80 || isUTF8(trimmed)
    guard !isWellFormed || needsRemoval else { return try body(trimmed) }

    // Ill-formed sequences are judged before tabs go: a tab inside one must not join its halves.
    var bytes = isWellFormed ? Array(trimmed) : Array(String(decoding: trimmed, as: UTF8.self).utf8)
    if needsRemoval { bytes.removeAll(where: isTabOrNewline) }
    return try bytes.withUnsafeBufferPointer(body)
  }

  private static func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    do {
      _ = try UTF8Span(validating: bytes.span)
      return true
    } catch {
      return false
    }
  }

  @inline(__always)
  private static func isTabOrNewline(_ byte: UInt8) -> Bool { byte == 0x09 || byte == 0x0A || byte == 0x0D }
}
