import Domain
import GRDB
import GRDBSQLite
import Storage

/// One SQLite connection behind the store's protocol.
///
/// GRDB owns the connection, its thread and its prepared statements; binding and stepping go to
/// SQLite directly, since boxing a million rows in GRDB's values would double the cost of an import.
final class SQLiteConnection: Storage.Connection {
  private let database: Database
  private let handle: OpaquePointer
  /// Nil for a connection that only reads.
  private let writer: Writer?
  private var changesBefore: Int64 = 0

  /// What belongs to the one connection that writes.
  struct Writer: Sendable {
    let log: WriteAheadLog?
    let faults: FaultMark
    let bell: CommitBell
  }

  init(_ database: Database, writer: Writer? = nil) {
    self.database = database
    self.writer = writer
    // Inside an access the connection is open, so that there is a handle.
    guard let handle = database.sqliteConnection else { preconditionFailure("a closed connection is in use") }
    self.handle = handle
  }

  @discardableResult
  func execute(_ sql: String, _ values: [Value]) throws -> Int {
    let statement = try prepare(sql, values)
    defer { reset(statement) }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: continue
      case SQLITE_DONE: return Int(sqlite3_changes64(handle))
      case let code: throw failure(code)
      }
    }
  }

  func forEachRow(_ sql: String, _ values: [Value], _ body: (any Storage.Row) throws -> Void) throws {
    let statement = try prepare(sql, values)
    defer { reset(statement) }
    let row = SQLiteRow(statement: statement)
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: try body(row)
      case SQLITE_DONE: return
      case let code: throw failure(code)
      }
    }
  }

  func forEachRow(
    _ sql: String, parameters: CellBatch, _ body: (_ position: Int, any Storage.Row) throws -> Void
  ) throws {
    let statement = try prepare(sql, [])
    defer { reset(statement) }
    let row = SQLiteRow(statement: statement)
    try forEachSet(of: parameters, on: statement) { position in
      while true {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: try body(position, row)
        case SQLITE_DONE: return
        case let code: throw failure(code)
        }
      }
    }
  }

  func insert(_ rows: RowBatch) throws {
    let marks = Array(repeating: "?", count: rows.columns.count).joined(separator: ", ")
    let statement = try prepare(
      "INSERT INTO \(rows.table) (\(rows.columns.joined(separator: ", "))) VALUES (\(marks))", [])
    defer { reset(statement) }
    try forEachSet(of: rows.cells, on: statement) { _ in
      let code = sqlite3_step(statement)
      guard code == SQLITE_DONE else { throw failure(code) }
    }
  }

  /// Binds one row of cells after another and runs `step` with each.
  private func forEachSet(
    of cells: CellBatch, on statement: OpaquePointer, _ step: (_ position: Int) throws -> Void
  ) throws {
    try cells.bytes.withUnsafeBytes { bytes in
      // The bytes outlive every binding: SQLite need not copy them.
      defer { reset(statement) }
      var column: Int32 = 0
      var position = 0
      for cell in cells.cells {
        column += 1
        try bind(cell, in: bytes, to: column, of: statement)
        guard column == cells.width else { continue }
        try step(position)
        sqlite3_reset(statement)
        column = 0
        position += 1
      }
    }
  }

  private func bind(
    _ cell: CellBatch.Cell, in bytes: UnsafeRawBufferPointer, to column: Int32, of statement: OpaquePointer
  ) throws {
    let code =
      switch cell {
      case .null: sqlite3_bind_null(statement, column)
      case .integer(let integer): sqlite3_bind_int64(statement, column, integer)
      case .blob(let range) where range.isEmpty: sqlite3_bind_zeroblob(statement, column, 0)
      case .blob(let range):
        sqlite3_bind_blob(statement, column, bytes.baseAddress?.advanced(by: range.lowerBound), Int32(range.count), nil)
      case .text(let range) where range.isEmpty: sqlite3_bind_text(statement, column, emptyText, 0, nil)
      case .text(let range):
        sqlite3_bind_text(
          statement, column,
          bytes.baseAddress?.advanced(by: range.lowerBound).assumingMemoryBound(to: CChar.self), Int32(range.count), nil
        )
      }
    guard code == SQLITE_OK else { throw failure(code) }
  }

  func faults() throws -> [String] {
    try rows("PRAGMA integrity_check(20)") { $0.text(0) }.filter { $0 != "ok" }
  }

  func begin() throws {
    try execute("BEGIN IMMEDIATE")
    changesBefore = sqlite3_total_changes64(handle)
  }

  func commit() throws {
    try execute("COMMIT")
    writer?.log?.afterCommit(handle)
    // A commit that changed nothing is no news; whoever is woken by one might make the next.
    if sqlite3_total_changes64(handle) != changesBefore { writer?.bell.ring() }
  }

  func rollback() throws { try execute("ROLLBACK") }
  func savepoint(lazily: Bool) throws { try execute("SAVEPOINT body") }
  func releaseSavepoint(waiting: Bool) throws { try execute("RELEASE body") }
  func rollbackToSavepoint() throws { try execute("ROLLBACK TO body") }

  private func prepare(_ sql: String, _ values: [Value]) throws -> OpaquePointer {
    do {
      let statement = try database.cachedStatement(sql: sql).sqliteStatement
      // A body may use a statement again while its cursor is open, below itself: that one gets its own.
      if sqlite3_stmt_busy(statement) != 0 {
        throw StorageError.unavailable("the statement is in use: \(sql)")
      }
      for (position, value) in values.enumerated() { try bind(value, to: Int32(position + 1), of: statement) }
      return statement
    } catch let error as DatabaseError {
      throw noted(error.storageError)
    }
  }

  private func noted(_ error: StorageError) -> StorageError { writer?.faults.noted(error) ?? error }

  private func reset(_ statement: OpaquePointer) {
    sqlite3_reset(statement)
    sqlite3_clear_bindings(statement)
  }

  private func bind(_ value: Value, to position: Int32, of statement: OpaquePointer) throws {
    let code =
      switch value {
      case .null: sqlite3_bind_null(statement, position)
      case .integer(let integer): sqlite3_bind_int64(statement, position, integer)
      case .text(let text): bindText(text, to: position, of: statement)
      case .blob(let bytes):
        bytes.withUnsafeBytes { buffer in
          // A null pointer would bind NULL, and an empty blob is not that.
          buffer.isEmpty
            ? sqlite3_bind_zeroblob(statement, position, 0)
            : sqlite3_bind_blob(statement, position, buffer.baseAddress, Int32(buffer.count), transient)
        }
      case .identifier(let identifier):
        withUnsafeBytes(of: (identifier.high.bigEndian, identifier.low.bigEndian)) { buffer in
          sqlite3_bind_blob(statement, position, buffer.baseAddress, 16, transient)
        }
      }
    guard code == SQLITE_OK else { throw failure(code) }
  }

  private func bindText(_ text: String, to position: Int32, of statement: OpaquePointer) -> Int32 {
    var text = text
    return text.withUTF8 { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        sqlite3_bind_text(statement, position, characters.baseAddress ?? emptyText, Int32(characters.count), transient)
      }
    }
  }

  private func failure(_ code: Int32) -> StorageError {
    noted(StorageError(sqliteCode: code, message: String(cString: sqlite3_errmsg(handle))))
  }
}

/// SQLite copies what is bound this way.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

extension SQLiteConnection {
  private var emptyText: UnsafePointer<CChar> {
    // A string literal's storage lives as long as the program.
    UnsafeRawPointer(StaticString("").utf8Start).assumingMemoryBound(to: CChar.self)
  }
}

/// The row under a statement's cursor.
private struct SQLiteRow: Storage.Row {
  let statement: OpaquePointer

  func isNull(_ column: Int) -> Bool { sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL }
  func integer(_ column: Int) -> Int64 { sqlite3_column_int64(statement, Int32(column)) }

  func text(_ column: Int) -> String {
    guard let text = sqlite3_column_text(statement, Int32(column)) else { return "" }
    let count = Int(sqlite3_column_bytes(statement, Int32(column)))
    return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
  }

  func blob(_ column: Int) -> [UInt8] {
    guard let bytes = sqlite3_column_blob(statement, Int32(column)) else { return [] }
    let count = Int(sqlite3_column_bytes(statement, Int32(column)))
    return Array(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  func value(_ column: Int) -> Value {
    switch sqlite3_column_type(statement, Int32(column)) {
    case SQLITE_INTEGER: .integer(integer(column))
    case SQLITE_TEXT: .text(text(column))
    case SQLITE_NULL: .null
    // A real number is in no table of ours; it is shown as text.
    case SQLITE_FLOAT: .text(text(column))
    default: .blob(blob(column))
    }
  }
}
