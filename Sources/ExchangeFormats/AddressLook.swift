/// A quick guess, for telling columns apart, whether text is a web address; it decides about no record.
enum AddressLook {
  /// Whether the whole text looks like one address: it has a scheme, or begins with a host with a dot.
  static func matches(_ text: some StringProtocol) -> Bool {
    let bytes = Array(text.utf8).filter { $0 != 0x5B && $0 != 0x5D }
    if bytes.isEmpty || bytes.contains(where: { $0 <= 0x20 || $0 == 0x22 }) { return false }
    return hasScheme(text) || hasDotHost(bytes)
  }

  static func hasScheme(_ text: some StringProtocol) -> Bool { text.contains("://") }

  private static func hasDotHost(_ bytes: [UInt8]) -> Bool {
    let host = bytes.prefix { ![0x2F, 0x3F, 0x23, 0x3A].contains($0) }
    let labels = host.split(separator: 0x2E, omittingEmptySubsequences: false)
    guard labels.count >= 2, let top = labels.last, top.count >= 2 else { return false }
    guard top.first.map({ isLetter($0) }) == true else { return false }
    return labels.allSatisfy { label in
      !label.isEmpty
        && label.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F }
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 }
}
