import Domain

/// Says of a store that a transfer into it has not ended: a table that is there only as long.
///
/// No program opens such a store, and the next transfer into it begins anew. The row names the run, so
/// that one that was taken for dead notices that another has taken its place.
struct TransferMark {
  static let table = "transfer_mark"

  let run: Identifier
  /// The target's.
  let dialect: Dialect

  /// Marks an empty store, or takes over one that an earlier transfer left; whatever that one wrote goes.
  func set(on connection: any Connection) throws {
    try connection.begin()
    do {
      switch try RecordState.read(connection, dialect: dialect) {
      case .founded: throw TransferFault.targetInUse
      case .empty: break
      case .unfinished:
        // The store had no event when the mark was set: every table is the transfer's.
        for table in try connection.rows(dialect.tableNames, [], { $0.text(0) }) {
          try connection.execute("DROP TABLE \(table)")
        }
      }
      try connection.execute(
        dialect.render("CREATE TABLE \(Self.table) (one {rowkey}, run {blob} NOT NULL) {strict}"))
      try connection.execute("INSERT INTO \(Self.table) (one, run) VALUES (1, ?)", [.identifier(run)])
      try connection.commit()
    } catch {
      try? connection.rollback()
      throw error
    }
  }

  /// Takes away what this transfer has written so far: a snapshot that was lost with its connection is read anew.
  func restart(on connection: any Connection) throws {
    try check(on: connection)
    try set(on: connection)
  }

  /// Throws where another transfer has taken the store over.
  func check(on connection: any Connection) throws {
    let tables = try connection.rows(dialect.tableNames, [], { $0.text(0) })
    guard tables.contains(Self.table),
      try connection.first("SELECT run FROM \(Self.table)", [], { try $0.identifier(0) }) == run
    else { throw TransferFault.overtaken }
  }

  /// From here on the store is a record like any other.
  func remove(on connection: any Connection) throws { try connection.execute("DROP TABLE \(Self.table)") }
}

/// Why a record could not be moved; the target is empty, or marked as unfinished.
public enum TransferFault: Error, Sendable, Hashable {
  /// There is no record to move.
  case noRecord
  /// The target holds a record already.
  case targetInUse
  /// A transfer into this store was begun and has not ended.
  case unfinished
  /// Another transfer into the same store has begun since.
  case overtaken
  /// The source is not what was written.
  case damaged(leaf: Int64, problem: String)
  /// What was copied does not come to the size and root that the source's head says.
  case mismatch
}

extension TransferFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noRecord: "there is no record to move"
    case .targetInUse: "the target holds a record already: name a store that has none; nothing was changed in it"
    case .unfinished:
      "a transfer into this store was begun and has not ended: run the same `cordon transfer` or `cordon restore` "
        + "again, which begins anew"
    case .overtaken: "another transfer into the same store has begun since; this one gave way to it"
    case .damaged(let leaf, let problem):
      "leaf \(leaf) of the source is not what was written: \(problem); see what `cordon verify` says, or take a backup"
    case .mismatch:
      "the source's events do not come to the root that its head says: see what `cordon verify` says, or take a backup"
    }
  }
}
