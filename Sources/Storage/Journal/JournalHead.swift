public import Domain
public import TransparencyLog

/// Where the journal ends: its size, the root of its tree, and the instant of its last event.
public struct JournalHead: Sendable, Hashable {
  public let size: Int64
  public let root: TreeHash
  public let at: Instant

  static func read(_ connection: any Connection) throws -> JournalHead {
    let head = try connection.first("SELECT size, root, at FROM journal_head WHERE one = 1") { row in
      guard row.integer(0) >= 0, let root = TreeHash(bytes: row.blob(1)) else {
        throw StorageError.damaged("the journal's head")
      }
      return JournalHead(size: row.integer(0), root: root, at: row.instant(2))
    }
    return head ?? JournalHead(size: 0, root: TreeEdge().root, at: Instant(microseconds: 0))
  }

  func write(_ connection: any Connection) throws {
    try connection.submit(
      """
      INSERT INTO journal_head (one, size, root, at) VALUES (1, ?, ?, ?)
      ON CONFLICT (one) DO UPDATE SET size = excluded.size, root = excluded.root, at = excluded.at
      """,
      [.integer(size), .blob(root.bytes), .instant(at)])
  }
}
