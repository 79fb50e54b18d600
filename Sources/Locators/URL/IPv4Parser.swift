/// IPv4 addresses in all the spellings that the standard reads (section 3.5), and the one it writes.
enum IPv4Parser {
  /// Whether the last label, a final dot aside, is a number, so that the host must be an IPv4 address.
  static func endsInNumber(_ host: ArraySlice<UInt8>) -> Bool {
    var rest = host
    if rest.last == UInt8(ascii: ".") {
      rest = rest.dropLast()
      // The standard splits at dots first: a host that is one dot has two empty parts.
      if rest.isEmpty { return false }
    }
    let start = rest.lastIndex(of: UInt8(ascii: ".")).map { $0 + 1 } ?? rest.startIndex
    let label = rest[start...]
    guard let first = label.first, ASCII.isDigit(first) else { return false }
    if label.allSatisfy({ ASCII.isDigit($0) }) { return true }
    return (try? number(label)) != nil
  }

  /// The address that an ASCII, lower-case host ending in a number denotes.
  static func parse(_ host: [UInt8]) throws(URLFault) -> UInt32 {
    var parts = host.split(
      separator: UInt8(ascii: "."), maxSplits: 5, omittingEmptySubsequences: false)
    if parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
    guard parts.count <= 4, let last = parts.popLast() else { throw .ipv4TooManyParts }
    // Every part is read before any is judged too large: the standard fails on non-numbers first.
    var high: [UInt64] = []
    for part in parts { high.append(try number(part)) }
    let low = try number(last)
    var address: UInt64 = 0
    for value in high {
      guard value <= 255 else { throw .ipv4OutOfRangePart }
      address = address << 8 | value
    }
    let bits = UInt64(8 * (4 - high.count))
    guard low < 1 << bits else { throw .ipv4OutOfRangePart }
    return UInt32(truncatingIfNeeded: address << bits | low)
  }

  static func serialize(_ address: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    for shift in [24, 16, 8, 0] as [UInt32] {
      if shift < 24 { bytes.append(UInt8(ascii: ".")) }
      DecimalDigits.append(UInt64(address >> shift & 255), to: &bytes)
    }
    return bytes
  }

  /// The value of a decimal, "0" octal or "0x" hexadecimal part; `UInt64.max` stands for all from 2⁴⁰ on.
  private static func number(_ part: ArraySlice<UInt8>) throws(URLFault) -> UInt64 {
    var digits = part
    var radix: UInt64 = 10
    guard let first = digits.popFirst() else { throw .ipv4NonNumericPart }
    if first == UInt8(ascii: "0"), let second = digits.first {
      radix = second | 0x20 == UInt8(ascii: "x") ? 16 : 8
      if radix == 16 { digits.removeFirst() }
    } else {
      digits = part
    }
    var value: UInt64 = 0
    for byte in digits {
      guard let digit = PercentEncoding.hexValue(byte), UInt64(digit) < radix else {
        throw .ipv4NonNumericPart
      }
      if value != .max { value = value * radix + UInt64(digit) }
      if value >= 1 << 40 { value = .max }
    }
    return value
  }
}
