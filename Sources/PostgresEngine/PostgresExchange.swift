import CPQ
import Storage

/// The first statement of a pipeline that failed; none of those behind it ran.
struct PipelineFault: Error {
  let position: Int
  let error: StorageError
}

/// Statements on their way and results on theirs.
extension PostgresLink {
  /// Lets the server forget what it has prepared; between transactions, when nothing waits to be sent.
  func forgetStatements() throws {
    try PostgresResult(PQexec(handle, "DEALLOCATE ALL")).requireSuccess(on: handle)
    statements.removeAll()
  }

  /// Runs one prepared statement and waits for its result.
  private func run(_ name: String, _ parameters: PostgresParameters) throws -> PostgresResult {
    let result = parameters.withPointers { count, values, lengths, formats in
      PostgresResult(PQexecPrepared(handle, name, count, values, lengths, formats, 1))
    }
    guard result.isSuccess else {
      throw PipelineFault(position: 0, error: StorageError(postgres: result, on: handle))
    }
    return result
  }

  /// Runs prepared statements one behind another in one round trip; throws ``PipelineFault`` for the first that failed.
  func pipeline(_ statements: [(name: String, parameters: PostgresParameters)]) throws -> [PostgresResult] {
    guard statements.count > 1 else { return try statements.map { try run($0.name, $0.parameters) } }
    guard PQenterPipelineMode(handle) == 1 else { throw failure }
    var isSent = true
    for statement in statements where isSent {
      isSent =
        statement.parameters.withPointers { count, values, lengths, formats in
          PQsendQueryPrepared(handle, statement.name, count, values, lengths, formats, 1)
        } == 1
    }
    guard isSent, PQpipelineSync(handle) == 1 else { throw failure }
    return try collect(statements.count)
  }

  private func collect(_ count: Int) throws -> [PostgresResult] {
    var results: [PostgresResult] = []
    results.reserveCapacity(count)
    var fault: PipelineFault?
    for position in 0..<count {
      guard let pointer = PQgetResult(handle) else { throw failure }
      let result = PostgresResult(pointer)
      if !result.isSuccess, fault == nil, result.status != PGRES_PIPELINE_ABORTED {
        fault = PipelineFault(position: position, error: StorageError(postgres: result, on: handle))
      }
      if isLost { throw fault?.error ?? failure }
      results.append(result)
      // An empty result ends those of one statement.
      while let surplus = PQgetResult(handle) { PQclear(surplus) }
    }
    PostgresResult(PQgetResult(handle)).discard()
    guard PQexitPipelineMode(handle) == 1 else { throw failure }
    if let fault { throw fault }
    return results
  }

  /// Writes the rows of a batch by COPY, in its binary form (PostgreSQL's documentation, COPY, "Binary Format").
  func copy(_ rows: RowBatch) throws {
    let columns = rows.columns.joined(separator: ", ")
    let began = PostgresResult(PQexec(handle, "COPY \(rows.table) (\(columns)) FROM STDIN (FORMAT binary)"))
    guard began.status == PGRES_COPY_IN else { throw StorageError(postgres: began, on: handle) }
    var stream = CopyStream(rows.cells)
    var isSent = true
    while isSent, let piece = stream.next() {
      isSent =
        piece.withUnsafeBytes { buffer in
          buffer.withMemoryRebound(to: CChar.self) { PQputCopyData(handle, $0.baseAddress, Int32($0.count)) }
        } == 1
    }
    guard isSent, PQputCopyEnd(handle, nil) == 1 else { throw failure }
    let result = PostgresResult(PQgetResult(handle))
    while let surplus = PQgetResult(handle) { PQclear(surplus) }
    try result.requireSuccess(on: handle)
  }

  /// Libpq could not send or receive; a pipeline that was begun is of no more use.
  private var failure: StorageError {
    let message = StorageError.lineOf(handle)
    // Whatever state it is in, nobody may go on with it.
    if PQpipelineStatus(handle) != PQ_PIPELINE_OFF { abandon() }
    return .unavailable("the connection to PostgreSQL was lost (\(message)): what was asked can be asked again")
  }
}

extension PostgresResult {
  /// Says that a result was waited for and says nothing.
  func discard() {}
}

/// The bytes of a COPY, a piece at a time.
private struct CopyStream {
  private static let pieceSize = 256 * 1_024

  private let cells: CellBatch
  private var position = 0
  private var isOver = false

  init(_ cells: CellBatch) { self.cells = cells }

  mutating func next() -> [UInt8]? {
    guard !isOver else { return nil }
    var piece: [UInt8] = []
    piece.reserveCapacity(Self.pieceSize + 4_096)
    if position == 0 {
      piece.append(contentsOf: "PGCOPY\n".utf8)
      piece.append(contentsOf: [0xFF, 0x0D, 0x0A, 0x00])
      // No flags, no extension.
      piece.append(contentsOf: [0, 0, 0, 0, 0, 0, 0, 0])
    }
    while position < cells.cells.count, piece.count < Self.pieceSize { appendRow(to: &piece) }
    if position >= cells.cells.count {
      append(Int16(-1), to: &piece)
      isOver = true
    }
    return piece
  }

  private mutating func appendRow(to piece: inout [UInt8]) {
    append(Int16(cells.width), to: &piece)
    for cell in cells.cells[position..<position + cells.width] {
      switch cell {
      case .null: append(Int32(-1), to: &piece)
      case .integer(let integer):
        append(Int32(8), to: &piece)
        append(integer, to: &piece)
      case .text(let range), .blob(let range):
        append(Int32(range.count), to: &piece)
        piece.append(contentsOf: cells.bytes[range])
      }
    }
    position += cells.width
  }

  private func append(_ value: some FixedWidthInteger, to piece: inout [UInt8]) {
    withUnsafeBytes(of: value.bigEndian) { piece.append(contentsOf: $0) }
  }
}
