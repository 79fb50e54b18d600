import Synchronization

/// Registrable domains by host, with the last ones kept: lists of addresses name the same hosts over and over.
///
/// A look-up in the public suffix list takes longer than everything else that is done for an address.
/// The table has a fixed number of places; a host displaces whichever had its place before.
final class RegistrableDomains: Sendable {
  private struct Entry {
    var host: [UInt8] = []
    var domain: String?
  }

  private static let places = 65_536

  private let entries = Mutex([Entry](repeating: Entry(), count: places))

  /// The registrable domain of an ASCII, lower-case host name; nil where there is none.
  func domain(ofHost host: UnsafeBufferPointer<UInt8>) -> String? {
    let place = Self.place(of: host)
    return entries.withLock { entries in
      if Self.isEqual(entries[place].host, host) { return entries[place].domain }
      let domain = PublicSuffix.registrableDomain(ofHost: host).map { String(decoding: $0, as: UTF8.self) }
      entries[place] = Entry(host: Array(host), domain: domain)
      return domain
    }
  }

  private static func isEqual(_ kept: [UInt8], _ host: UnsafeBufferPointer<UInt8>) -> Bool {
    guard kept.count == host.count, !host.isEmpty else { return false }
    return kept.withUnsafeBufferPointer { kept in
      for position in 0..<host.count where kept[position] != host[position] { return false }
      return true
    }
  }

  // FNV-1a: the places need no secret, for a displaced entry costs a look-up and nothing else.
  private static func place(of host: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in host { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash ^ hash >> 32) & UInt64(places - 1))
  }
}
