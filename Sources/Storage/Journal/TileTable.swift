import TransparencyLog

/// The tree's tiles as rows.
///
/// Level 0 holds full tiles only: the hashes at its right edge come from the leaves themselves. Above
/// it the edge is written too, each time a tile below it is complete, so that a restart reads
/// a few tiles and at most 255 leaves.
enum TileTable {
  static func write(_ tiles: [Tile], on connection: any Connection) throws {
    for tile in tiles {
      try connection.submit(
        """
        INSERT INTO journal_tiles (level, idx, hashes) VALUES (?, ?, ?)
        ON CONFLICT (level, idx) DO UPDATE SET hashes = excluded.hashes
        """,
        [
          .integer(Int64(tile.coordinate.level)), .integer(Int64(tile.coordinate.index)), .blob(tile.hashes),
        ])
    }
  }

  /// The first `width` hashes of a tile of the tree with `size` leaves.
  static func read(level: Int, index: UInt64, width: Int, on connection: any Connection) throws -> [UInt8] {
    let stored = try connection.first(
      "SELECT hashes FROM journal_tiles WHERE level = ? AND idx = ?",
      [.integer(Int64(level)), .integer(Int64(index))]
    ) { $0.blob(0) }
    if let stored, stored.count >= width * 32 { return Array(stored.prefix(width * 32)) }
    guard level == 0 else { throw StorageError.damaged("tile \(level)/\(index) is missing or too short") }
    return try hashesOfLeaves(from: Int64(index) * 256, count: width, on: connection)
  }

  private static func hashesOfLeaves(from first: Int64, count: Int, on connection: any Connection) throws -> [UInt8] {
    var hashes: [UInt8] = []
    try connection.forEachRow(
      "SELECT leaf FROM journal WHERE idx >= ? AND idx < ? ORDER BY idx",
      [.integer(first), .integer(first + Int64(count))]
    ) { row in
      hashes.append(contentsOf: row.blob(0).withUnsafeBytes { Merkle.leafHash($0) }.bytes)
    }
    guard hashes.count == count * 32 else { throw StorageError.damaged("leaves after \(first) are missing") }
    return hashes
  }
}
