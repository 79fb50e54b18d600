/// What a database must be to be opened, asked before anything is changed in it.
public enum Layout {
  /// Throws ``StorageError/newer(found:known:)`` or ``StorageError/foreign`` for a database that is not to be touched.
  public static func admit(_ connection: any Connection, dialect: Dialect) throws {
    try Migration.refuseUnknown(on: connection, dialect: dialect)
  }
}

/// One step from an older layout to a newer one; it is never changed once it was released.
struct Migration: Sendable {
  let version: Int64
  let name: String
  let statements: [String]

  static let all: [Migration] = [.house, .casework, .leases]
  static var newest: Int64 { all.last?.version ?? 0 }

  /// Brings the database to the newest layout, in one transaction.
  ///
  /// A database into which a record is being moved is opened by that transfer alone, which shows its mark.
  static func run(on connection: any Connection, dialect: Dialect, into mark: TransferMark? = nil) throws {
    try connection.begin()
    do {
      if let mark { try mark.check(on: connection) } else { try refuseMarked(on: connection, dialect: dialect) }
      let current = try version(of: connection, dialect: dialect)
      guard current <= newest else { throw StorageError.newer(found: current, known: newest) }
      for migration in all where migration.version > current {
        for statement in migration.statements { try connection.execute(dialect.render(statement)) }
        try connection.execute(
          "INSERT INTO schema_migrations (version, name) VALUES (?, ?)",
          [.integer(migration.version), .text(migration.name)])
      }
      try connection.commit()
    } catch {
      // The first error is the one to tell: after a full disk SQLite has rolled back by itself.
      try? connection.rollback()
      throw error
    }
  }

  static func refuseUnknown(on connection: any Connection, dialect: Dialect) throws {
    let current = try version(of: connection, dialect: dialect)
    guard current <= newest else { throw StorageError.newer(found: current, known: newest) }
    if current > 0 { try Projections.refuseNewer(on: connection) }
  }

  /// Throws unless the database has exactly the layout that this program knows; changes nothing.
  static func requireKnown(on connection: any Connection, dialect: Dialect) throws {
    try refuseMarked(on: connection, dialect: dialect)
    let current = try version(of: connection, dialect: dialect)
    guard current <= newest else { throw StorageError.newer(found: current, known: newest) }
    guard current == newest else { throw StorageError.older(found: current, known: newest) }
  }

  private static func refuseMarked(on connection: any Connection, dialect: Dialect) throws {
    let tables = try connection.rows(dialect.tableNames) { $0.text(0) }
    guard !tables.contains(TransferMark.table) else { throw TransferFault.unfinished }
  }

  /// What a fresh database is made with, in the words of a dialect.
  static func definitions(in dialect: Dialect) -> [String] {
    all.flatMap(\.statements).map { dialect.render($0) }
  }

  /// 0 for an empty database; throws for somebody else's.
  private static func version(of connection: any Connection, dialect: Dialect) throws -> Int64 {
    let tables = try connection.rows(dialect.tableNames, [], { $0.text(0) }).filter { $0 != TransferMark.table }
    if tables.isEmpty { return 0 }
    guard tables.contains("schema_migrations"), tables.contains("journal") else { throw StorageError.foreign }
    let version = try connection.first("SELECT max(version) FROM schema_migrations") { $0.optionalInteger(0) }
    guard let version, let version else {
      throw StorageError.damaged("schema_migrations, its list of migrations, is empty")
    }
    return version
  }
}
