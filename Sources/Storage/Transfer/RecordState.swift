public import Domain

/// What a store holds, asked before anything is done with it.
public enum RecordState: Sendable, Hashable {
  /// No table at all, or tables without an event: a record can be founded here, or moved in.
  case empty
  /// A transfer into it was begun and has not ended, or was killed.
  case unfinished
  /// A record of the installation with this identifier.
  case founded(Identifier)

  /// Reads the state and changes nothing; throws ``StorageError`` for a store that is somebody else's or newer.
  public static func read(_ engine: any Engine) async throws -> RecordState {
    try await engine.read { [dialect = engine.dialect] in try read($0, dialect: dialect) }
  }

  static func read(_ connection: any Connection, dialect: Dialect) throws -> RecordState {
    let tables = try connection.rows(dialect.tableNames) { $0.text(0) }
    if tables.contains(TransferMark.table) { return .unfinished }
    if tables.isEmpty { return .empty }
    try Migration.refuseUnknown(on: connection, dialect: dialect)
    if let id = try connection.first("SELECT id FROM installations", [], { try $0.identifier(0) }) {
      return .founded(id)
    }
    guard try connection.first("SELECT idx FROM journal LIMIT 1", [], { $0.integer(0) }) == nil else {
      throw StorageError.damaged("it has a journal but no installation")
    }
    return .empty
  }
}
