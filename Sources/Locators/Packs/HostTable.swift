/// Finds the pack of a host: exact hosts first, then the nearest wildcard above it.
///
/// Open addressing over one array; a look-up walks the host once, from its end, and allocates nothing.
struct HostTable: Sendable {
  struct Entry: Sendable {
    let pack: Int
    let pattern: ProviderPack.HostPattern
    let key: [UInt8]
    /// The host, or the end of one for a wildcard, that stands in canonical locators instead; nil: itself.
    let target: [UInt8]?
    /// Whether a rule speaks of the replacing host, so that it must be in place before rules are tried.
    let movesFirst: Bool
    /// Whether the host, after its replacement, is the pack's canonical one.
    let isMain: Bool
    /// The registrable domain of the host after its replacement, where no wildcard leaves it open.
    var registrableDomain: String?
  }

  private(set) var entries: [Entry] = []
  // Index + 1 into `entries`; exact hosts and wildcards apart.
  private var exact: [Int32] = []
  private var wildcards: [Int32] = []
  private var mask = 0

  init(_ entries: [Entry]) {
    self.entries = entries
    var size = 16
    while size < entries.count * 4 { size *= 2 }
    mask = size - 1
    exact = Array(repeating: 0, count: size)
    wildcards = exact
    for (index, entry) in entries.enumerated() {
      var hash = Self.seed
      for byte in entry.key.reversed() { hash = Self.mix(hash, byte) }
      if entry.pattern.isWildcard {
        Self.insert(index, hash, &wildcards, mask)
      } else {
        Self.insert(index, hash, &exact, mask)
      }
    }
  }

  /// The entry's index for the host in `bytes[host]`, which is in lower case without a dot at its end.
  func find(_ bytes: UnsafeBufferPointer<UInt8>, _ host: Range<Int>) -> Int? {
    var hash = Self.seed
    var nearest: Int?
    var index = host.upperBound - 1
    while index >= host.lowerBound {
      let byte = bytes[index]
      if byte == UInt8(ascii: ".") {
        if let found = look(wildcards, hash, bytes, (index + 1)..<host.upperBound) { nearest = found }
      }
      hash = Self.mix(hash, byte)
      index -= 1
    }
    return look(exact, hash, bytes, host) ?? nearest
  }

  private func look(
    _ table: [Int32], _ hash: UInt64, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Int? {
    var slot = Self.slot(hash, mask)
    while table[slot] != 0 {
      let index = Int(table[slot]) - 1
      let key = entries[index].key
      if key.count == range.count && ASCII.equals(bytes, range.lowerBound, key) { return index }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

  // FNV-1a: the keys come from packs, so nobody outside chooses what collides.
  @inline(__always)
  private static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }

  @inline(__always)
  private static func slot(_ hash: UInt64, _ mask: Int) -> Int {
    Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
  }

  private static func insert(_ index: Int, _ hash: UInt64, _ table: inout [Int32], _ mask: Int) {
    var slot = slot(hash, mask)
    while table[slot] != 0 { slot = (slot + 1) & mask }
    table[slot] = Int32(index + 1)
  }
}
