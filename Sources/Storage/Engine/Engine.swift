/// A database that the store can stand on: connect, execute, load in bulk.
///
/// What is stored where is the store's business; an engine knows no table by name.
public protocol Engine: Sendable {
  var dialect: Dialect { get }

  /// Runs `work` on the one writing connection, outside any transaction, in the order of the calls.
  func enqueueWrite(_ work: @escaping @Sendable (any Connection) -> Void)

  /// Runs `body` on the writing connection and blocks the calling thread until it is done.
  func blockingWrite<T>(_ body: (any Connection) throws -> T) throws -> T

  /// Runs `body` on a snapshot that later commits do not change.
  func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T

  /// Gives erased bytes back to nobody: rewrites what holds them.
  func compact() async throws

  /// What is in the database: one text for each table, index and trigger, in a fixed order.
  func layout(on connection: any Connection) throws -> [String]

  /// The same of a fresh database in which these definitions have run, and nothing else.
  func layout(after definitions: [String]) async throws -> [String]

  /// Yields after a commit that changed something, several of them together as one; ends with the engine.
  ///
  /// It wakes whoever waits for work; what was committed has to be asked for. Commits of another process may go
  /// untold, so that nobody relies on it alone.
  func commits() -> AsyncStream<Void>

  /// What keeps this process from ever writing again; nil while all is well.
  ///
  /// After a failed write or flush nobody knows what of it is on disk, and asking again may be answered from memory.
  var fault: StorageError? { get }

  /// Closes the connections; what is enqueued has run before.
  func close() throws
}

/// One connection, used from one thread at a time.
///
/// SQL is the portable subset with `?` for parameters.
public protocol Connection: AnyObject {
  /// Runs one statement and returns how many rows it changed.
  @discardableResult
  func execute(_ sql: String, _ values: [Value]) throws -> Int

  /// Runs one statement whose count nobody asks for, within a transaction.
  ///
  /// The engine may keep it back and send it with what comes next; its error is then thrown there, at the latest
  /// when the savepoint is released or the transaction commits.
  func submit(_ sql: String, _ values: [Value]) throws

  func forEachRow(_ sql: String, _ values: [Value], _ body: (any Row) throws -> Void) throws

  /// Runs one query for each row of parameters, telling which one a result belongs to.
  func forEachRow(
    _ sql: String, parameters: CellBatch, _ body: (_ position: Int, any Row) throws -> Void) throws

  /// Inserts every row; a row whose key is there already is an error.
  func insert(_ rows: RowBatch) throws

  /// What the engine's own check of its files finds; empty when all is well.
  func faults() throws -> [String]

  /// Begins a transaction that no other writer can get in front of.
  func begin() throws
  func commit() throws
  func rollback() throws
  /// Begins a body that can be undone by itself.
  ///
  /// - Parameter lazily: whether the engine may do without where that is quicker, and throw ``EarlierBodyFailed``
  ///   where the body can't be undone alone after all.
  func savepoint(lazily: Bool) throws
  /// Ends the body that the savepoint began.
  ///
  /// - Parameter waiting: whether its errors are to be known now. Otherwise the engine may find them while a later body
  ///   runs, and throws ``EarlierBodyFailed`` from there on, until the transaction is rolled back.
  func releaseSavepoint(waiting: Bool) throws
  func rollbackToSavepoint() throws
}

/// A body failed after it was released without waiting; nothing of its transaction can be kept.
public struct EarlierBodyFailed: Error, Sendable {
  public init() {}
}

extension Connection {
  @discardableResult
  public func execute(_ sql: String) throws -> Int { try execute(sql, []) }

  public func submit(_ sql: String, _ values: [Value]) throws { try execute(sql, values) }

  public func rows<T>(_ sql: String, _ values: [Value] = [], _ make: (any Row) throws -> T) throws -> [T] {
    var results: [T] = []
    try forEachRow(sql, values) { row in results.append(try make(row)) }
    return results
  }

  public func first<T>(_ sql: String, _ values: [Value] = [], _ make: (any Row) throws -> T) throws -> T? {
    var result: T?
    try forEachRow(sql, values) { row in
      if result == nil { result = try make(row) }
    }
    return result
  }
}

/// The few words in which the two engines differ.
public struct Dialect: Sendable {
  /// The type of byte strings.
  public let blob: String
  /// The type of 64-bit integers.
  public let integer: String
  /// The type of texts, which compare by their bytes.
  public let text: String
  /// A 64-bit integer primary key that the program gives itself.
  public let rowKey: String
  /// What ends a table that is stored in the order of its primary key.
  public let clustered: String
  /// What ends any other table: the engine refuses values of another type than the column's.
  public let strict: String
  /// The user's own tables, by name.
  public let tableNames: String
  /// What ends a query whose rows are about to be taken: rows that somebody else is taking are left out, not waited for.
  public let skipLocked: String

  public init(
    blob: String, integer: String, text: String, rowKey: String, clustered: String, strict: String, tableNames: String,
    skipLocked: String = ""
  ) {
    self.blob = blob
    self.integer = integer
    self.text = text
    self.rowKey = rowKey
    self.clustered = clustered
    self.strict = strict
    self.tableNames = tableNames
    self.skipLocked = skipLocked
  }

  /// Fills `{blob}`, `{integer}`, `{text}`, `{rowkey}`, `{clustered}` and `{strict}` into a definition.
  public func render(_ definition: String) -> String {
    var text = definition
    for (mark, word) in [
      ("{blob}", blob), ("{integer}", integer), ("{text}", self.text), ("{rowkey}", rowKey),
      ("{clustered}", clustered), ("{strict}", strict),
    ] {
      text = text.split(separator: mark, omittingEmptySubsequences: false).joined(separator: word)
    }
    return text
  }
}
