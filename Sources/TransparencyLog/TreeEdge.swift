/// The right edge of a growing tree: all that is needed to append to it and to know its root.
///
/// It keeps the root of each perfect subtree (at most one for each bit of the size) and, for each
/// tile level, the hashes of the tile that is not yet full.
public struct TreeEdge: Sendable {
  public private(set) var size: UInt64 = 0
  /// Roots of the perfect subtrees, the widest first.
  private var peaks: [TreeHash] = []
  private var partial: [[UInt8]] = []
  private var completed: [Tile] = []

  public init() {}

  /// Takes up a stored tree; `read` gives the first `width` hashes of a tile.
  public init(size: UInt64, tiles read: (_ level: Int, _ index: UInt64, _ width: Int) throws -> [UInt8]) throws {
    self.size = size
    var level = 0
    while size >> UInt64(8 * level) > 0 {
      let hashes = size >> UInt64(8 * level)
      let width = Int(hashes & 255)
      partial.append(width == 0 ? [] : try read(level, hashes >> 8, width))
      peaks.insert(contentsOf: Self.peaks(of: partial[level], width: width), at: 0)
      level += 1
    }
  }

  /// The root of RFC 9162, section 2.1.1.
  public var root: TreeHash {
    guard var root = peaks.last else { return Merkle.emptyRoot }
    for peak in peaks.dropLast().reversed() { root = Merkle.nodeHash(peak, root) }
    return root
  }

  public mutating func append(_ leafHash: TreeHash) {
    add(leafHash, level: 0)
    var hash = leafHash
    var height = 0
    // Each trailing one of the size is a perfect subtree that the new one completes to a wider one.
    while size >> UInt64(height) & 1 == 1 {
      hash = Merkle.nodeHash(peaks.removeLast(), hash)
      height += 1
      if height.isMultiple(of: 8) { add(hash, level: height / 8) }
    }
    peaks.append(hash)
    size += 1
  }

  public mutating func append(contentsOf leafHashes: some Sequence<TreeHash>) {
    for hash in leafHashes { append(hash) }
  }

  /// The full tiles that appeared since the last call, in the order in which they were filled.
  public mutating func takeCompletedTiles() -> [Tile] {
    defer { completed.removeAll() }
    return completed
  }

  /// The tiles at the right edge that are not full, the lowest level first.
  public var partialTiles: [Tile] {
    partial.enumerated().compactMap { level, hashes in
      guard !hashes.isEmpty else { return nil }
      let coordinate = TileCoordinate(
        level: level, index: size >> UInt64(8 * level + 8), width: hashes.count / TreeHash.length)
      return Tile(coordinate: coordinate, hashes: hashes)
    }
  }

  private mutating func add(_ hash: TreeHash, level: Int) {
    if partial.count == level { partial.append([]) }
    hash.withBytes { partial[level].append(contentsOf: $0) }
    guard partial[level].count == TileCoordinate.fullWidth * TreeHash.length else { return }
    // `size` is still the size before this leaf: the tile that it lies in is the one that is full.
    let coordinate = TileCoordinate(level: level, index: size >> UInt64(8 * level + 8))
    completed.append(Tile(coordinate: coordinate, hashes: partial[level]))
    partial[level].removeAll(keepingCapacity: true)
  }

  /// The roots of the perfect subtrees among the first `width` hashes, the widest first.
  private static func peaks(of hashes: [UInt8], width: Int) -> [TreeHash] {
    var peaks: [TreeHash] = []
    var start = 0
    for height in stride(from: 7, through: 0, by: -1) where width >> height & 1 == 1 {
      peaks.append(Subtree.root(of: hashes, from: start, count: 1 << height))
      start += 1 << height
    }
    return peaks
  }
}

/// Hashing within the bytes of one tile.
enum Subtree {
  /// The root over `count` hashes, a power of two, from position `start`.
  static func root(of hashes: [UInt8], from start: Int, count: Int) -> TreeHash {
    guard count > 1 else {
      return hashes.withUnsafeBytes { buffer in
        TreeHash(unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[(start * TreeHash.length)...]))
      }
    }
    let half = count / 2
    return Merkle.nodeHash(
      root(of: hashes, from: start, count: half), root(of: hashes, from: start + half, count: half))
  }
}
