internal import CPSL

/// The Public Suffix List that libpsl carries, its private section included.
public enum PublicSuffix {
  /// The longest domain name that DNS can hold, in bytes of text; a longer host has no registrable domain.
  private static let longestDomain = 253

  /// The public suffix of the host and one label more, or nil where there is none.
  ///
  /// The host is ASCII and in lower case, as in ``WebURL/host``. Nil for an IP address, for a public suffix
  /// itself and for a name with an empty label; a final dot, as in "example.org.", is not part of the result.
  public static func registrableDomain(ofHost host: some Collection<UInt8>) -> [UInt8]? {
    var name = Array(host)
    if name.last == UInt8(ascii: ".") { name.removeLast() }
    guard !name.isEmpty, name.count <= longestDomain, name.first != UInt8(ascii: "["),
      name.first != UInt8(ascii: "."),
      !name.contains(0), !IPv4Parser.endsInNumber(name[...])
    else { return nil }
    var previous: UInt8 = 0
    for byte in name {
      if byte == UInt8(ascii: "."), previous == byte { return nil }
      previous = byte
    }
    name.append(0)
    // libpsl answers with a pointer into the name it was given; the built-in list is constant and needs no
    // lock.
    let start: Int? = name.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { text in
        guard let list = psl_builtin(), let base = text.baseAddress,
          let found = psl_registrable_domain(list, base)
        else { return nil }
        return base.distance(to: found)
      }
    }
    return start.map { Array(name[$0..<(name.count - 1)]) }
  }
}
