import CPQ
import Storage

/// What the server answered to one statement; all of its rows are at hand.
final class PostgresResult {
  let pointer: OpaquePointer?

  init(_ pointer: OpaquePointer?) { self.pointer = pointer }

  deinit { PQclear(pointer) }

  var status: ExecStatusType { PQresultStatus(pointer) }
  var rowCount: Int32 { PQntuples(pointer) }

  /// How many rows an INSERT, UPDATE or DELETE changed; 0 for anything else.
  var changedRows: Int { PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0 }

  /// What the statement was, as the server tells it: `COMMIT`, `ROLLBACK`, `INSERT 0 1`.
  var tag: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }

  var isSuccess: Bool {
    switch status {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_IN, PGRES_PIPELINE_SYNC, PGRES_EMPTY_QUERY: true
    default: false
    }
  }

  func requireSuccess(on handle: OpaquePointer) throws {
    if !isSuccess { throw StorageError(postgres: self, on: handle) }
  }

  /// A field of the server's error report.
  func errorField(_ code: Character) -> String? {
    guard let ascii = code.asciiValue else { return nil }
    return PQresultErrorField(pointer, Int32(ascii)).map { String(cString: $0) }
  }

  /// A value of a result that was asked for in text form; nil for NULL.
  func textForm(_ row: Int32, _ column: Int32) -> String? {
    guard row < rowCount, PQgetisnull(pointer, row, column) == 0 else { return nil }
    return PQgetvalue(pointer, row, column).map { String(cString: $0) }
  }
}

/// The types of PostgreSQL that the record uses, by their object identifiers, which never change.
enum PostgresType {
  static let boolean: Oid = 16
  static let bytes: Oid = 17
  static let integer8: Oid = 20
  static let integer2: Oid = 21
  static let integer4: Oid = 23
  static let text: Oid = 25
  static let objectID: Oid = 26
  static let numeric: Oid = 1_700
  /// Left to the server to find out.
  static let unknown: Oid = 0
}

/// The row of a binary result that its position stands on.
final class PostgresRow: Storage.Row {
  private let result: PostgresResult
  var position: Int32 = 0

  init(_ result: PostgresResult) { self.result = result }

  func isNull(_ column: Int) -> Bool { PQgetisnull(result.pointer, position, Int32(column)) == 1 }

  func integer(_ column: Int) -> Int64 {
    let bytes = bytes(column)
    switch PQftype(result.pointer, Int32(column)) {
    case PostgresType.integer8 where bytes.count == 8:
      return Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
    case PostgresType.integer4 where bytes.count == 4, PostgresType.objectID where bytes.count == 4:
      return Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
    case PostgresType.integer2 where bytes.count == 2:
      return Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
    case PostgresType.boolean where bytes.count == 1: return Int64(bytes[0])
    case PostgresType.numeric: return Self.numeric(bytes)
    default: return 0
    }
  }

  /// A sum of integers comes as base-10,000 digits: count, weight of the first, sign, scale, digits.
  private static func numeric(_ bytes: UnsafeRawBufferPointer) -> Int64 {
    func word(_ position: Int) -> Int {
      bytes.count >= position * 2 + 2
        ? Int(Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: position * 2, as: Int16.self))) : 0
    }
    var value: Int64 = 0
    let weight = word(1)
    guard weight >= 0 else { return 0 }
    for place in 0...weight {
      let digit = place < word(0) ? Int64(word(4 + place)) : 0
      let (shifted, tooLarge) = value.multipliedReportingOverflow(by: 10_000)
      if tooLarge { return .max }
      value = shifted &+ digit
    }
    return word(2) == 0 ? value : -value
  }

  func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }
  func blob(_ column: Int) -> [UInt8] { Array(bytes(column)) }

  func value(_ column: Int) -> Value {
    if isNull(column) { return .null }
    return switch PQftype(result.pointer, Int32(column)) {
    case PostgresType.integer8, PostgresType.integer4, PostgresType.integer2, PostgresType.boolean,
      PostgresType.numeric, PostgresType.objectID:
      .integer(integer(column))
    case PostgresType.bytes: .blob(blob(column))
    default: .text(text(column))
    }
  }

  private func bytes(_ column: Int) -> UnsafeRawBufferPointer {
    guard let start = PQgetvalue(result.pointer, position, Int32(column)) else { return .init(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result.pointer, position, Int32(column))))
  }
}
