/// The standard's host parser (section 3.5); results are serialized hosts.
enum HostParser {
  /// The code points that no host may have (section 3.1).
  private static let forbiddenHost = PercentEncoding.EncodeSet(
    low: 0xD400_8009_0000_2601, high: 0x1000_0000_7800_0001)
  /// Those, C0 controls, "%" and U+007F.
  private static let forbiddenDomain = PercentEncoding.EncodeSet(
    low: 0xD400_8029_FFFF_FFFF, high: 0x9000_0000_7800_0001)

  static func parse(_ text: UnsafeBufferPointer<UInt8>, isSpecial: Bool) throws(URLFault) -> [UInt8] {
    if text.first == UInt8(ascii: "[") {
      guard text.last == UInt8(ascii: "]"), text.count > 1 else { throw .ipv6Unclosed }
      let pieces = try IPv6Parser.parse(UnsafeBufferPointer(rebasing: text[1..<(text.count - 1)]))
      return IPv6Parser.serialize(pieces)
    }
    return try isSpecial ? domainOrIPv4(text) : opaqueHost(text)
  }

  private static func opaqueHost(_ text: UnsafeBufferPointer<UInt8>) throws(URLFault) -> [UInt8] {
    for byte in text where byte < 0x80 && forbiddenHost.contains(byte) { throw .hostInvalidCodePoint }
    var host: [UInt8] = []
    PercentEncoding.append(text, .c0Control, to: &host)
    return host
  }

  private static func domainOrIPv4(_ text: UnsafeBufferPointer<UInt8>) throws(URLFault) -> [UInt8] {
    var mask: UInt8 = 0
    var hasPercent = false
    for byte in text {
      mask |= byte
      hasPercent = hasPercent || byte == UInt8(ascii: "%")
    }
    var domain = hasPercent ? PercentEncoding.percentDecode(text) : Array(text)
    if hasPercent { mask = domain.reduce(0, |) }
    // For an ASCII domain ToASCII comes to lower-casing, whatever its "xn--" labels hold.
    domain = mask < 0x80 ? ASCII.lowercased(domain) : try DomainToASCII.convert(domain)
    guard !domain.isEmpty else { throw .domainToASCII }
    for byte in domain where forbiddenDomain.contains(byte) { throw .domainInvalidCodePoint }
    guard IPv4Parser.endsInNumber(domain[...]) else { return domain }
    return IPv4Parser.serialize(try IPv4Parser.parse(domain))
  }
}
