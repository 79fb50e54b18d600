import CPQ
import Domain
import Storage

/// The parameters of one statement in PostgreSQL's binary form, in one piece.
struct PostgresParameters {
  private(set) var types: [Oid] = []
  private var ends: [Int] = []
  private var isNull: [Bool] = []
  private var bytes: [UInt8] = []

  init() {}

  init(_ values: [Value]) {
    types.reserveCapacity(values.count)
    for value in values { append(value) }
  }

  /// One row of a batch.
  init(_ cells: ArraySlice<CellBatch.Cell>, in all: [UInt8]) {
    types.reserveCapacity(cells.count)
    for cell in cells {
      switch cell {
      case .null: append(PostgresType.unknown, isNull: true) { _ in }
      case .integer(let integer): append(integer)
      case .text(let range): append(PostgresType.text) { $0.append(contentsOf: all[range]) }
      case .blob(let range): append(PostgresType.bytes) { $0.append(contentsOf: all[range]) }
      }
    }
  }

  private mutating func append(_ value: Value) {
    switch value {
    case .null: append(PostgresType.unknown, isNull: true) { _ in }
    case .integer(let integer): append(integer)
    case .text(let text): append(PostgresType.text) { $0.append(contentsOf: text.utf8) }
    case .blob(let blob): append(PostgresType.bytes) { $0.append(contentsOf: blob) }
    case .identifier(let identifier):
      append(PostgresType.bytes) { bytes in identifier.withBytes { bytes.append(contentsOf: $0) } }
    }
  }

  private mutating func append(_ integer: Int64) {
    append(PostgresType.integer8) { bytes in
      withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
    }
  }

  private mutating func append(_ type: Oid, isNull: Bool = false, _ write: (inout [UInt8]) -> Void) {
    write(&bytes)
    types.append(type)
    ends.append(bytes.count)
    self.isNull.append(isNull)
  }

  /// Lends the arrays that libpq wants; they live as long as the call.
  func withPointers<R>(
    _ body: (
      _ count: Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
    ) -> R
  ) -> R {
    // An empty value has a place too: a null pointer would be NULL.
    var bytes = bytes
    bytes.append(0)
    return bytes.withUnsafeBytes { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        var values: [UnsafePointer<CChar>?] = []
        var lengths: [Int32] = []
        values.reserveCapacity(ends.count)
        lengths.reserveCapacity(ends.count)
        var start = 0
        for (position, end) in ends.enumerated() {
          values.append(isNull[position] ? nil : characters.baseAddress?.advanced(by: start))
          lengths.append(Int32(end - start))
          start = end
        }
        let formats = [Int32](repeating: 1, count: ends.count)
        return body(Int32(ends.count), values, lengths, formats)
      }
    }
  }
}
