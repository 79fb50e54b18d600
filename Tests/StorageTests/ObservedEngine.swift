import Storage

/// An engine that tells of each step before it is taken; what the observer throws happens instead.
final class ObservedEngine: Engine {
  enum Step: Equatable {
    case begin, commit
    case insert(table: String)
  }

  private let engine: any Engine
  private let observe: @Sendable (Step) throws -> Void

  init(_ engine: any Engine, _ observe: @escaping @Sendable (Step) throws -> Void) {
    self.engine = engine
    self.observe = observe
  }

  var dialect: Dialect { engine.dialect }

  func enqueueWrite(_ work: @escaping @Sendable (any Connection) -> Void) {
    engine.enqueueWrite { [observe] in work(ObservedConnection($0, observe)) }
  }

  func blockingWrite<T>(_ body: (any Connection) throws -> T) throws -> T {
    try engine.blockingWrite { try body(ObservedConnection($0, observe)) }
  }

  func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
    try await engine.read(body)
  }

  func compact() async throws { try await engine.compact() }
  func layout(on connection: any Connection) throws -> [String] {
    try engine.layout(on: (connection as? ObservedConnection)?.connection ?? connection)
  }
  func layout(after definitions: [String]) async throws -> [String] { try await engine.layout(after: definitions) }
  func commits() -> AsyncStream<Void> { engine.commits() }
  var fault: StorageError? { engine.fault }
  func close() throws { try engine.close() }
}

private final class ObservedConnection: Connection {
  let connection: any Connection
  private let observe: @Sendable (ObservedEngine.Step) throws -> Void

  init(_ connection: any Connection, _ observe: @escaping @Sendable (ObservedEngine.Step) throws -> Void) {
    self.connection = connection
    self.observe = observe
  }

  func execute(_ sql: String, _ values: [Value]) throws -> Int { try connection.execute(sql, values) }

  func submit(_ sql: String, _ values: [Value]) throws { try connection.submit(sql, values) }

  func forEachRow(_ sql: String, _ values: [Value], _ body: (any Row) throws -> Void) throws {
    try connection.forEachRow(sql, values, body)
  }

  func forEachRow(
    _ sql: String, parameters: CellBatch, _ body: (_ position: Int, any Row) throws -> Void
  ) throws {
    try connection.forEachRow(sql, parameters: parameters, body)
  }

  func insert(_ rows: RowBatch) throws {
    try observe(.insert(table: rows.table))
    try connection.insert(rows)
  }

  func faults() throws -> [String] { try connection.faults() }

  func begin() throws {
    try observe(.begin)
    try connection.begin()
  }

  func commit() throws {
    try observe(.commit)
    try connection.commit()
  }

  func rollback() throws { try connection.rollback() }
  func savepoint(lazily: Bool) throws { try connection.savepoint(lazily: lazily) }
  func releaseSavepoint(waiting: Bool) throws { try connection.releaseSavepoint(waiting: waiting) }
  func rollbackToSavepoint() throws { try connection.rollbackToSavepoint() }
}
