import CPQ
import Storage

/// One connection behind the store's protocol.
///
/// Statements whose result nobody waits for are kept back and sent with the next that is waited for, in one
/// pipeline: a body of the lane costs as many round trips as it asks questions.
final class PostgresConnection: Storage.Connection {
  /// A statement that is prepared and waits to be sent.
  private struct Pending {
    let name: String
    let parameters: PostgresParameters
  }

  // Bounds what a failing pipeline throws away, and the memory of an import's thousands of updates.
  private static let mostPending = 512
  // So many rows and more are copied; a handful is quicker as statements of the same pipeline.
  private static let rowsWorthACopy = 32

  private let settings: PostgresSettings
  /// Nil for a connection that only reads.
  private let statistics: PostgresStatistics?
  private var link: PostgresLink?
  private var pending: [Pending] = []
  /// Where in ``pending`` the statements of the body begin; nil between bodies.
  private var body: Int?
  private var isSavepointMade = false
  private var isInTransaction = false
  /// Whether bodies were released whose statements have not been answered yet.
  private var hasUnanswered = false
  private var hasEarlierFailure = false
  /// How many rows the transaction has changed, more or less; 0 where there is nothing that others may want to know.
  private var changes = 0

  init(_ settings: PostgresSettings, statistics: PostgresStatistics?) {
    self.settings = settings
    self.statistics = statistics
  }

  /// The connection that stands, or a new one where there is none; not to be called within a transaction.
  @discardableResult
  func connected() throws -> PostgresLink {
    if let link, !link.isLost, !link.wasClosed() { return link }
    pending.removeAll()
    body = nil
    link = nil
    let fresh = try PostgresLink(settings)
    link = fresh
    return fresh
  }

  func disconnect() { link = nil }

  var isLost: Bool { link?.isLost ?? true }

  /// The connection in whose transaction we are; outside of one, a new one may take its place.
  private func current() throws -> PostgresLink {
    guard isInTransaction else { return try connected() }
    guard let link, !link.isLost else { throw Self.lost }
    return link
  }

  private static var lost: StorageError {
    .unavailable("the connection to PostgreSQL was lost: what was asked can be asked again")
  }

  // MARK: Statements

  @discardableResult
  func execute(_ sql: String, _ values: [Value]) throws -> Int {
    changes += 1
    try makeSavepoint()
    return try result(of: sql, values).changedRows
  }

  func submit(_ sql: String, _ values: [Value]) throws {
    changes += 1
    try keep(sql, PostgresParameters(values))
  }

  func forEachRow(_ sql: String, _ values: [Value], _ body: (any Storage.Row) throws -> Void) throws {
    let result = try result(of: sql, values)
    let row = PostgresRow(result)
    for position in 0..<result.rowCount {
      row.position = position
      try body(row)
    }
  }

  func forEachRow(
    _ sql: String, parameters: CellBatch, _ body: (_ position: Int, any Storage.Row) throws -> Void
  ) throws {
    try flush()
    let rows = parameters.cells.count / max(parameters.width, 1)
    for start in stride(from: 0, to: rows, by: Self.mostPending) {
      for position in start..<min(start + Self.mostPending, rows) {
        try keep(sql, parameters.parameters(ofRow: position), mayFlush: false)
      }
      for (offset, result) in try exchange().enumerated() {
        let row = PostgresRow(result)
        for position in 0..<result.rowCount {
          row.position = position
          try body(start + offset, row)
        }
      }
    }
  }

  func insert(_ rows: RowBatch) throws {
    let count = rows.cells.cells.count / max(rows.cells.width, 1)
    changes += count
    guard count < Self.rowsWorthACopy else {
      try makeSavepoint()
      try flush()
      return try current().copy(rows)
    }
    let marks = Array(repeating: "?", count: rows.columns.count).joined(separator: ", ")
    let sql = "INSERT INTO \(rows.table) (\(rows.columns.joined(separator: ", "))) VALUES (\(marks))"
    for position in 0..<count { try keep(sql, rows.cells.parameters(ofRow: position)) }
  }

  /// Runs a statement, behind those that wait, and returns its result.
  private func result(of sql: String, _ values: [Value]) throws -> PostgresResult {
    try secureBody()
    try keep(sql, PostgresParameters(values), mayFlush: false)
    guard let result = try exchange().last else { throw Self.lost }
    return result
  }

  private func keep(_ sql: String, _ values: [Value] = [], mayFlush: Bool = true) throws {
    try keep(sql, PostgresParameters(values), mayFlush: mayFlush)
  }

  private func keep(_ sql: String, _ parameters: PostgresParameters, mayFlush: Bool = true) throws {
    if mayFlush, pending.count >= Self.mostPending { try flush() }
    let link = try current()
    let name = try link.statements.name(of: sql, types: parameters.types, on: link.handle)
    pending.append(Pending(name: name, parameters: parameters))
  }

  /// Sends what waits and waits for its results.
  private func flush() throws {
    try secureBody()
    if !pending.isEmpty { _ = try exchange() }
  }

  /// To be called before anything is sent: what the body has written so far is on its way then, and may have to be undone.
  private func secureBody() throws {
    if let body, body < pending.count { try makeSavepoint() }
  }

  /// Sends what waits, and returns one result for each; throws the first error, after which none of those behind it ran.
  private func exchange() throws -> [PostgresResult] {
    let link = try current()
    if hasEarlierFailure { throw EarlierBodyFailed() }
    let statements = pending
    // What stands in front of this belongs to bodies that were released.
    let firstOfBody = body ?? statements.count
    pending.removeAll(keepingCapacity: true)
    if body != nil { body = 0 }
    do {
      let results = try link.pipeline(statements.map { ($0.name, $0.parameters) })
      hasUnanswered = false
      return results
    } catch let fault as PipelineFault {
      guard hasUnanswered, fault.position < firstOfBody else { throw fault.error }
      hasEarlierFailure = true
      throw EarlierBodyFailed()
    }
  }

  func faults() throws -> [String] {
    try rows(
      """
      SELECT 'checksums of ' || checksum_failures || ' pages did not match' FROM pg_stat_database
      WHERE datname = current_database() AND checksum_failures > 0
      """
    ) { $0.text(0) }
  }

  // MARK: Transactions

  /// Takes the journal's door first: whoever comes after waits here, and reads what was committed before.
  ///
  /// The lock is PostgreSQL's advisory one on the name of the schema, so that it is there before the first table is.
  func begin() throws {
    isInTransaction = false
    let link = try connected()
    if link.statements.isFull { try link.forgetStatements() }
    isInTransaction = true
    changes = 0
    hasUnanswered = false
    hasEarlierFailure = false
    try keep("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
    try keep("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", [.text("cordon journal \(link.schema)")])
  }

  func commit() throws {
    let link = try current()
    // Whoever is woken by a commit that changed nothing might make the next one.
    if changes > 0 { try keep("SELECT pg_notify(?, '')", [.text(PostgresSignal.channel(of: link.schema))]) }
    try keep("COMMIT")
    link.notices.warning = nil
    let tag: String
    do {
      tag = try exchange().last?.tag ?? ""
    } catch {
      if link.isLost { throw StorageError.outcomeUnknown("the connection was lost during the commit") }
      throw error
    }
    isInTransaction = false
    guard tag == "COMMIT" else { throw StorageError.unavailable("PostgreSQL rolled the transaction back") }
    // A wait for the standby that was cut short is only warned of, and the commit may die with the primary.
    if let warning = link.notices.warning { throw StorageError.outcomeUnknown(warning) }
    if changes > 0 { statistics?.count(changes) }
  }

  func rollback() throws {
    pending.removeAll()
    body = nil
    isInTransaction = false
    hasUnanswered = false
    hasEarlierFailure = false
    // A lost connection has ended its transaction by itself.
    guard let link, !link.isLost else { throw Self.lost }
    if PQtransactionStatus(link.handle) == PQTRANS_IDLE { return }
    try PostgresResult(PQexec(link.handle, "ROLLBACK")).requireSuccess(on: link.handle)
  }

  /// Marks where the body begins; with `lazily` a savepoint is made of it only where the body goes on after it has sent
  /// something that it wrote.
  func savepoint(lazily: Bool) throws {
    if pending.count + 1 >= Self.mostPending { try flush() }
    body = pending.count
    isSavepointMade = false
    if !lazily { try makeSavepoint() }
  }

  /// Puts the savepoint in front of what the body has kept back.
  private func makeSavepoint() throws {
    guard let start = body, !isSavepointMade else { return }
    let kept = Array(pending[start...])
    pending.removeSubrange(start...)
    try keep("SAVEPOINT body", mayFlush: false)
    pending.append(contentsOf: kept)
    isSavepointMade = true
  }

  func releaseSavepoint(waiting: Bool) throws {
    guard body != nil else { return }
    if isSavepointMade { try keep("RELEASE SAVEPOINT body", mayFlush: false) }
    if waiting { try flush() } else { hasUnanswered = true }
    body = nil
  }

  func rollbackToSavepoint() throws {
    let link = try current()
    guard isSavepointMade else {
      // Nothing that the body wrote has left; but where a question of its failed, the transaction is lost.
      if PQtransactionStatus(link.handle) == PQTRANS_INERROR { throw EarlierBodyFailed() }
      if let body { pending.removeSubrange(body...) }
      body = nil
      return
    }
    pending.removeAll()
    body = 0
    try PostgresResult(PQexec(link.handle, "ROLLBACK TO SAVEPOINT body")).requireSuccess(on: link.handle)
  }

  /// Begins a snapshot; sent with the first question.
  func beginReading() throws {
    isInTransaction = false
    let link = try connected()
    if link.statements.isFull { try link.forgetStatements() }
    isInTransaction = true
    try keep("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
  }

  func endReading() {
    // A lost connection has ended its transaction by itself.
    try? rollback()
  }
}

extension CellBatch {
  func parameters(ofRow row: Int) -> PostgresParameters {
    PostgresParameters(cells[row * width..<(row + 1) * width], in: bytes)
  }
}
