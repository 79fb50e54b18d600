/// A tree of a given size whose hashes are read from tiles; makes roots and proofs.
public struct TiledTree {
  /// Gives the first `width` hashes of a tile, 32 bytes each.
  public typealias TileReader = (TileCoordinate) throws -> [UInt8]

  public let size: UInt64
  private let read: TileReader
  private var cache: [TileCoordinate: [UInt8]] = [:]

  public init(size: UInt64, tiles read: @escaping TileReader) {
    self.size = size
    self.read = read
  }

  /// The root over all leaves.
  public mutating func root() throws -> TreeHash {
    size == 0 ? Merkle.emptyRoot : try hash(of: 0..<size)
  }

  /// The inclusion proof of RFC 9162, section 2.1.3.1; `index` must be below ``size``.
  public mutating func inclusionProof(of index: UInt64) throws -> [TreeHash] {
    precondition(index < size, "leaf \(index) is not in a tree of \(size)")
    var path: [TreeHash] = []
    var range = 0..<size
    while range.count > 1 {
      let middle = range.lowerBound + Self.split(of: UInt64(range.count))
      if index < middle {
        path.append(try hash(of: middle..<range.upperBound))
        range = range.lowerBound..<middle
      } else {
        path.append(try hash(of: range.lowerBound..<middle))
        range = middle..<range.upperBound
      }
    }
    return path.reversed()
  }

  /// The consistency proof of RFC 9162, section 2.1.4.1, from an older tree of `oldSize` leaves, at most ``size``.
  public mutating func consistencyProof(from oldSize: UInt64) throws -> [TreeHash] {
    precondition(oldSize <= size, "the older tree is the larger one")
    guard oldSize > 0, oldSize < size else { return [] }
    var path: [TreeHash] = []
    var range = 0..<size
    var isWholeOldTree = true
    while oldSize < range.upperBound {
      let middle = range.lowerBound + Self.split(of: UInt64(range.count))
      if oldSize <= middle {
        path.append(try hash(of: middle..<range.upperBound))
        range = range.lowerBound..<middle
      } else {
        path.append(try hash(of: range.lowerBound..<middle))
        range = middle..<range.upperBound
        isWholeOldTree = false
      }
    }
    // The verifier has the older root already, unless the range is only a part of that tree.
    if !isWholeOldTree { path.append(try hash(of: range)) }
    return path.reversed()
  }

  /// The largest power of two below `count`, which is at least 2.
  private static func split(of count: UInt64) -> UInt64 {
    1 << UInt64(63 - (count - 1).leadingZeroBitCount)
  }

  private mutating func hash(of range: Range<UInt64>) throws -> TreeHash {
    let count = UInt64(range.count)
    if count & (count - 1) == 0 {
      return try perfectSubtree(height: count.trailingZeroBitCount, from: range.lowerBound)
    }
    let middle = range.lowerBound + Self.split(of: count)
    let left = try hash(of: range.lowerBound..<middle)
    return Merkle.nodeHash(left, try hash(of: middle..<range.upperBound))
  }

  /// `start` is a multiple of the subtree's width, since every split is at a power of two.
  private mutating func perfectSubtree(height: Int, from start: UInt64) throws -> TreeHash {
    let level = height / 8
    let position = start >> UInt64(8 * level)
    let hashes = try tile(level: level, index: position / 256)
    return Subtree.root(of: hashes, from: Int(position % 256), count: 1 << (height % 8))
  }

  private mutating func tile(level: Int, index: UInt64) throws -> [UInt8] {
    let available = size >> UInt64(8 * level) - index * 256
    let coordinate = TileCoordinate(level: level, index: index, width: Int(min(available, 256)))
    if let hashes = cache[coordinate] { return hashes }
    let hashes = try read(coordinate)
    guard hashes.count == coordinate.width * TreeHash.length else { throw TileFault(coordinate: coordinate) }
    cache[coordinate] = hashes
    return hashes
  }
}

/// A tile does not have as many hashes as it must.
public struct TileFault: Error, Sendable, Hashable, CustomStringConvertible {
  public let coordinate: TileCoordinate

  public var description: String { "\(coordinate.path) does not hold \(coordinate.width) hashes" }
}
