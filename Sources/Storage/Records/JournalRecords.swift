public import Domain
public import TransparencyLog

extension ReadTransaction {
  public func journalHead() throws -> JournalHead { try JournalHead.read(connection) }

  /// The tree of the first `size` leaves; to be used within this snapshot, which must have as many.
  public func journalTree(size: UInt64) throws -> TiledTree {
    TiledTree(size: size) { [connection] tile in
      try TileTable.read(level: tile.level, index: tile.index, width: tile.width, on: connection)
    }
  }

  /// A tile's hashes; nil where the tree does not reach so far.
  public func tile(_ tile: TileCoordinate) throws -> [UInt8]? {
    let hashes = UInt64(try journalHead().size) >> UInt64(8 * tile.level)
    guard tile.index < 1 << 40, tile.index * 256 + UInt64(tile.width) <= hashes else { return nil }
    return try TileTable.read(level: tile.level, index: tile.index, width: tile.width, on: connection)
  }

  /// Up to `limit` journal rows from an index on.
  public func journal(from index: Int64, limit: Int) throws -> [StoredEvent] {
    try connection.rows(
      "SELECT \(StoredEvent.columns) FROM journal WHERE idx >= ? ORDER BY idx LIMIT \(limit)", [.integer(index)]
    ) { StoredEvent($0) }
  }

  /// Everything recorded about a subject, oldest first.
  public func journal(of subject: Identifier) throws -> [StoredEvent] {
    try connection.rows(
      "SELECT \(StoredEvent.columns) FROM journal WHERE subject = ? ORDER BY idx", [.identifier(subject)]
    ) { StoredEvent($0) }
  }

  /// The signed checkpoint of exactly this size, if one was made.
  public func checkpoint(at size: Int64) throws -> String? {
    try connection.first("SELECT note FROM checkpoints WHERE size = ?", [.integer(size)]) { $0.text(0) }
  }
}

extension Store {
  /// Keeps a signed checkpoint beside the journal; one of the same size stays as it was.
  ///
  /// A checkpoint speaks of the journal and so can't be an event of it.
  public func keep(checkpoint note: SignedNote, size: Int64) async throws {
    try await onWriter { connection in
      _ = try connection.execute(
        "INSERT INTO checkpoints (size, note) VALUES (?, ?) ON CONFLICT (size) DO NOTHING",
        [.integer(size), .text(note.encoded)])
    }
  }
}
