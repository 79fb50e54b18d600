/// IPv6 addresses as the standard reads and writes them (section 3.5).
enum IPv6Parser {
  /// The eight pieces of the address, without its brackets.
  static func parse(_ text: UnsafeBufferPointer<UInt8>) throws(URLFault) -> [UInt16] {
    let colon = UInt8(ascii: ":")
    var pieces: [UInt16] = []
    var compress: Int?
    var index = 0
    if text.first == colon {
      guard text.count > 1, text[1] == colon else { throw .ipv6InvalidCompression }
      index = 2
      pieces.append(0)
      compress = 1
    }
    while index < text.count {
      guard pieces.count < 8 else { throw .ipv6TooManyPieces }
      if text[index] == colon {
        guard compress == nil else { throw .ipv6MultipleCompression }
        index += 1
        pieces.append(0)
        compress = pieces.count
        continue
      }
      let start = index
      var value: UInt16 = 0
      while index - start < 4, index < text.count, let digit = PercentEncoding.hexValue(text[index]) {
        value = value << 4 | UInt16(digit)
        index += 1
      }
      if index < text.count {
        if text[index] == UInt8(ascii: ".") {
          guard index > start else { throw .ipv4InIPv6InvalidCodePoint }
          guard pieces.count <= 6 else { throw .ipv4InIPv6TooManyPieces }
          let address = try embeddedIPv4(UnsafeBufferPointer(rebasing: text[start...]))
          pieces.append(UInt16(truncatingIfNeeded: address >> 16))
          pieces.append(UInt16(truncatingIfNeeded: address))
          break
        }
        guard text[index] == colon else { throw .ipv6InvalidCodePoint }
        index += 1
        guard index < text.count else { throw .ipv6InvalidCodePoint }
      }
      pieces.append(value)
    }
    if let compress {
      pieces.insert(contentsOf: repeatElement(0, count: 8 - pieces.count), at: compress)
    }
    guard pieces.count == 8 else { throw .ipv6TooFewPieces }
    return pieces
  }

  private static func embeddedIPv4(_ text: UnsafeBufferPointer<UInt8>) throws(URLFault) -> UInt32 {
    var address: UInt32 = 0
    var index = 0
    var parts = 0
    while index < text.count {
      if parts > 0 {
        guard parts < 4, text[index] == UInt8(ascii: ".") else { throw .ipv4InIPv6InvalidCodePoint }
        index += 1
      }
      guard index < text.count, ASCII.isDigit(text[index]) else { throw .ipv4InIPv6InvalidCodePoint }
      var value: UInt32?
      while index < text.count, ASCII.isDigit(text[index]) {
        // A leading zero could be meant as octal, so it is refused.
        if value == 0 { throw .ipv4InIPv6InvalidCodePoint }
        let next = (value ?? 0) * 10 + UInt32(text[index] - UInt8(ascii: "0"))
        guard next <= 255 else { throw .ipv4InIPv6OutOfRangePart }
        value = next
        index += 1
      }
      address = address << 8 | (value ?? 0)
      parts += 1
    }
    guard parts == 4 else { throw .ipv4InIPv6TooFewParts }
    return address
  }

  /// The shortest spelling, in brackets: the longest run of zero pieces, the first of equals, becomes "::".
  static func serialize(_ pieces: [UInt16]) -> [UInt8] {
    let run = longestZeroRun(pieces)
    var bytes: [UInt8] = [UInt8(ascii: "[")]
    var index = 0
    while index < pieces.count {
      if let run, index == run.lowerBound {
        bytes.append(UInt8(ascii: ":"))
        if index == 0 { bytes.append(UInt8(ascii: ":")) }
        index = run.upperBound
        continue
      }
      bytes.append(contentsOf: String(pieces[index], radix: 16).utf8)
      index += 1
      if index < pieces.count { bytes.append(UInt8(ascii: ":")) }
    }
    bytes.append(UInt8(ascii: "]"))
    return bytes
  }

  private static func longestZeroRun(_ pieces: [UInt16]) -> Range<Int>? {
    var best: Range<Int>?
    var start = 0
    for index in 0...pieces.count where index == pieces.count || pieces[index] != 0 {
      if index - start > max(1, best?.count ?? 0) { best = start..<index }
      start = index + 1
    }
    return best
  }
}
