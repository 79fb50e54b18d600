import Foundation
import GRDB
public import Storage

/// SQLite as the store's engine: one writing connection, many snapshots beside it, in write-ahead mode.
///
/// `synchronous=FULL` always: in write-ahead mode NORMAL may lose acknowledged commits at a power cut.
public final class SQLiteFile: Engine {
  // "CRDN": by this the file's header says whose it is, before anything is changed in it.
  private static let applicationID: Int64 = 0x4352_444E
  private static let headerLength = 100

  private let pool: any DatabaseWriter
  private let log: WriteAheadLog?
  private let faults = FaultMark()
  private let bell = CommitBell()

  public let dialect = Dialect(
    blob: "BLOB", integer: "INTEGER", text: "TEXT", rowKey: "INTEGER NOT NULL PRIMARY KEY",
    clustered: "WITHOUT ROWID, STRICT",
    strict: "STRICT",
    tableNames: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")

  /// How the file is opened.
  public enum Durability: Sendable {
    /// Every commit is on disk before it is answered.
    case full
    /// Nothing is flushed: for scratch databases that are deleted afterwards.
    case scratch
    /// It is only read, after ``SQLiteFile/seal(path:)``: no byte of it changes, and no file appears beside it.
    case sealed
  }

  /// Opens the file, creating it when it is missing.
  ///
  /// Throws ``StorageError`` when it is somebody else's, newer, damaged, locked or out of reach; nothing
  /// is changed in such a file.
  public init(path: String, durability: Durability = .full) throws {
    do {
      try Self.admit(path, dialect: dialect, durability)
      if durability == .sealed {
        pool = try DatabaseQueue(path: path, configuration: Self.readOnly)
        log = nil
        return
      }
      pool = try DatabasePool(path: path, configuration: Self.configuration)
      // A scratch file has its name taken away: nobody could open it a second time to copy its log.
      log = durability == .full ? WriteAheadLog(path: path, faults: faults) : nil
      try pool.writeWithoutTransaction { database in
        // After the pool has opened: GRDB sets NORMAL when it turns the write-ahead log on.
        try database.execute(sql: "PRAGMA synchronous = \(durability == .full ? Self.flushed : "OFF")")
        if let log {
          try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
          log.observe(database.sqliteConnection)
        }
        if try Int64.fetchOne(database, sql: "PRAGMA application_id") != Self.applicationID {
          try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
        }
      }
    } catch let error as DatabaseError {
      // Nothing was written that could be half there: it is out of reach.
      if case .inputOutput(let reason) = error.storageError { throw StorageError.unavailable(reason) }
      throw error.storageError
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.busyMode = .timeout(10)
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { database in
      // Negative: KiB. The writer of an import walks a random index; readers need little.
      try database.execute(sql: "PRAGMA cache_size = \(database.configuration.readonly ? -8_192 : -98_304)")
      try database.execute(sql: "PRAGMA temp_store = MEMORY")
      if !database.configuration.readonly {
        // What is erased is overwritten with zeros in its page, not only unlinked.
        try database.execute(sql: "PRAGMA secure_delete = FAST")
        try database.execute(sql: "PRAGMA journal_size_limit = 1073741824")
      }
    }
    return configuration
  }

  private static var readOnly: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    return configuration
  }

  /// Puts everything into the one file and turns the write-ahead log off, so that it can be read on any medium.
  ///
  /// To be called when no program has the file open; opened as a record again, it gets its log back.
  public static func seal(path: String) throws {
    do {
      let queue = try DatabaseQueue(path: path)
      try queue.inDatabase { database in try database.execute(sql: "PRAGMA journal_mode = DELETE") }
      try queue.close()
    } catch let error as DatabaseError {
      throw error.storageError
    }
  }

  #if PLANTED_SYNCHRONOUS_NORMAL
    /// A planted fault, which `make crashtest` must find (docs/crash-testing.md); such a build says so at every start.
    private static let flushed: String = {
      FileHandle.standardError.write(
        Data("cordon: PLANTED FAULT, for tests alone: synchronous=NORMAL loses acknowledged writes\n".utf8))
      return "NORMAL"
    }()
  #else
    private static let flushed = "FULL"
  #endif

  /// Throws unless the file is ours to open; reads it without changing it.
  private static func admit(_ path: String, dialect: Dialect, _ durability: Durability) throws {
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    guard size > 0 else { return }
    // SQLite takes whatever is shorter than its header for an empty database, and would overwrite it.
    guard size >= headerLength else { throw StorageError.foreign }
    do {
      try admit(DatabaseQueue(path: path, configuration: readOnly), dialect: dialect)
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK {
      guard durability != .sealed else { throw error }
      // Killed in its first write, before the write-ahead log was on: whoever opens the file next takes that write
      // back, as SQLite does for every program, and can't do so without writing. Nothing else changes.
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      try admit(DatabaseQueue(path: path, configuration: configuration), dialect: dialect)
    }
  }

  private static func admit(_ queue: DatabaseQueue, dialect: Dialect) throws {
    try queue.read { database in
      let mark = try Int64.fetchOne(database, sql: "PRAGMA application_id")
      let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
      // Killed while it was being made, a file has neither a mark nor a table: it is nobody's yet.
      guard mark == applicationID || (mark == 0 && isEmpty) else { throw StorageError.foreign }
      try Layout.admit(SQLiteConnection(database), dialect: dialect)
    }
  }

  public func enqueueWrite(_ work: @escaping @Sendable (any Storage.Connection) -> Void) {
    pool.asyncWriteWithoutTransaction { [writer] database in work(SQLiteConnection(database, writer: writer)) }
  }

  public func blockingWrite<T>(_ body: (any Storage.Connection) throws -> T) throws -> T {
    do {
      return try pool.writeWithoutTransaction { database in try body(SQLiteConnection(database, writer: writer)) }
    } catch let error as DatabaseError {
      throw error.storageError
    }
  }

  public func read<T: Sendable>(
    _ body: @escaping @Sendable (any Storage.Connection) throws -> T
  ) async throws -> T {
    do {
      return try await pool.read { database in try body(SQLiteConnection(database)) }
    } catch let error as DatabaseError {
      throw error.storageError
    }
  }

  public func layout(on connection: any Storage.Connection) throws -> [String] {
    try connection.rows(
      """
      SELECT type || ' ' || name || ': ' || sql FROM sqlite_master
      WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_stat%' ORDER BY type, name
      """
    ) { $0.text(0) }
  }

  public func layout(after definitions: [String]) async throws -> [String] {
    do {
      return try await DatabaseQueue().write { database in
        let connection = SQLiteConnection(database)
        for definition in definitions { try connection.execute(definition) }
        return try self.layout(on: connection)
      }
    } catch let error as DatabaseError {
      throw error.storageError
    }
  }

  public func compact() async throws {
    do {
      try await pool.writeWithoutTransaction { database in
        // A copy of the whole database in memory would not fit for long.
        try database.execute(sql: "PRAGMA temp_store = FILE")
        defer { try? database.execute(sql: "PRAGMA temp_store = MEMORY") }
        try database.execute(sql: "VACUUM")
        _ = try database.checkpoint(.truncate)
      }
    } catch let error as DatabaseError {
      throw faults.noted(error.storageError)
    }
  }

  public func commits() -> AsyncStream<Void> { bell.listen() }

  public var fault: StorageError? { faults.first }

  /// Closes the connections; what is enqueued has run before.
  public func close() throws {
    bell.silence()
    // A copying that goes on would be a connection that is still open.
    log?.finish()
    try pool.close()
  }

  private var writer: SQLiteConnection.Writer { SQLiteConnection.Writer(log: log, faults: faults, bell: bell) }
}
