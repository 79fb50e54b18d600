import Glibc
public import Storage
import Synchronization

/// PostgreSQL as the store's engine: one writing connection, some for reading beside it, one that listens.
///
/// Any number of processes share a database. What they write is put into one order by the lock that every
/// write transaction takes first.
public final class PostgresDatabase: Engine {
  private static let readers = 4
  private static let pauseMicroseconds: UInt32 = 250_000

  private let settings: PostgresSettings
  private let writer: PostgresSession
  private let pool: PostgresPool
  private let signal: PostgresSignal

  public let dialect = Dialect(
    blob: "BYTEA", integer: "BIGINT", text: "TEXT COLLATE \"C\"", rowKey: "BIGINT NOT NULL PRIMARY KEY",
    clustered: "", strict: "", tableNames: "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()",
    skipLocked: "FOR UPDATE SKIP LOCKED")

  /// Connects to the database of a libpq address; the tables lie in the first schema of its `search_path`.
  ///
  /// Throws ``StorageError`` when it is somebody else's, newer, too old a server or out of reach; nothing is changed in it.
  ///
  /// - Parameters:
  ///   - patience: how long to wait for a server that does not answer or is starting.
  ///   - onWait: told once, with the reason, when there is something to wait for.
  public init(url: String, patience: Duration = .zero, onWait: (_ reason: String) -> Void = { _ in }) throws {
    settings = try PostgresSettings(url: url)
    writer = PostgresSession(
      settings, label: "cordon.postgres.writer",
      statistics: PostgresStatistics(settings))
    pool = PostgresPool(
      (0..<Self.readers).map { [settings] in PostgresSession(settings, label: "cordon.postgres.reader-\($0)") })
    signal = PostgresSignal(settings)
    let dialect = dialect
    try Self.waiting(patience, for: settings, onWait) {
      try writer.blocking { try Layout.admit($0, dialect: dialect) }
    }
  }

  private static func waiting(
    _ patience: Duration, for settings: PostgresSettings, _ onWait: (String) -> Void, _ attempt: () throws -> Void
  ) throws {
    let began = ContinuousClock.now
    var isTold = false
    while true {
      do { return try attempt() } catch StorageError.unavailable(let reason) {
        guard ContinuousClock.now - began < patience, settings.mayComeBack() else {
          throw StorageError.unavailable(reason)
        }
        if !isTold { onWait(reason) }
        isTold = true
        usleep(Self.pauseMicroseconds)
      }
    }
  }

  public func enqueueWrite(_ work: @escaping @Sendable (any Connection) -> Void) { writer.enqueue(work) }

  public func blockingWrite<T>(_ body: (any Connection) throws -> T) throws -> T { try writer.blocking(body) }

  public func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
    let session = await pool.take()
    return try await withCheckedThrowingContinuation { continuation in
      // The reader has its answer before the snapshot is given back.
      session.enqueueReading { [pool] session in
        session.read(body) { continuation.resume(with: $0) }
        pool.give(session)
      }
    }
  }

  /// Rewrites the tables: PostgreSQL keeps what was changed in them until then.
  public func compact() async throws {
    let tables = dialect.tableNames
    try await writer.run { connection in
      try connection.connected()
      for table in try connection.rows(tables, [], { $0.text(0) }) { try connection.execute("VACUUM (FULL) \(table)") }
    }
  }

  public func layout(after statements: [String]) async throws -> [String] {
    try await writer.run { connection in
      try connection.connected()
      return try PostgresLayout.expected(after: statements, on: connection)
    }
  }

  public func layout(on connection: any Connection) throws -> [String] { try PostgresLayout.found(on: connection) }

  /// The server itself is sure of what is on its disk, and goes down where it is not.
  public var fault: StorageError? { nil }

  public func commits() -> AsyncStream<Void> { signal.stream() }

  public func close() throws {
    signal.close()
    try writer.blocking { ($0 as? PostgresConnection)?.disconnect() }
  }
}

/// The connections for reading; who finds none free waits in line.
private final class PostgresPool: Sendable {
  private struct State {
    var free: [PostgresSession]
    var waiting: [CheckedContinuation<PostgresSession, Never>] = []
  }

  private let state: Mutex<State>

  init(_ sessions: [PostgresSession]) { state = Mutex(State(free: sessions)) }

  func take() async -> PostgresSession {
    await withCheckedContinuation { continuation in
      let session: PostgresSession? = state.withLock { state in
        // The one that came back last: idle ones need no connection at all.
        if let session = state.free.popLast() { return session }
        state.waiting.append(continuation)
        return nil
      }
      if let session { continuation.resume(returning: session) }
    }
  }

  func give(_ session: PostgresSession) {
    let next: CheckedContinuation<PostgresSession, Never>? = state.withLock { state in
      if !state.waiting.isEmpty { return state.waiting.removeFirst() }
      state.free.append(session)
      return nil
    }
    next?.resume(returning: session)
  }
}
