public import Domain

/// Values laid out one after another, all their bytes in one piece.
///
/// A million rows with an array each would be a million allocations, and as many copies on the way into the engine.
public struct CellBatch: Sendable {
  public enum Cell: Sendable, Hashable {
    case null
    case integer(Int64)
    /// Well-formed UTF-8 at this place of ``CellBatch/bytes``.
    case text(Range<Int>)
    case blob(Range<Int>)
  }

  /// How many cells make a row.
  public let width: Int
  public private(set) var cells: [Cell] = []
  public private(set) var bytes: [UInt8] = []

  public init(width: Int, reservingRows rows: Int = 0, bytesPerRow: Int = 0) {
    self.width = width
    cells.reserveCapacity(rows * width)
    bytes.reserveCapacity(rows * bytesPerRow)
  }

  public var isEmpty: Bool { cells.isEmpty }

  public mutating func null() { cells.append(.null) }
  public mutating func integer(_ value: Int64) { cells.append(.integer(value)) }
  public mutating func instant(_ value: Instant) { cells.append(.integer(value.microseconds)) }

  public mutating func integer(_ value: Int64?) {
    if let value { integer(value) } else { null() }
  }

  public mutating func text(_ value: String) {
    let start = bytes.count
    bytes.append(contentsOf: value.utf8)
    cells.append(.text(start..<bytes.count))
  }

  /// Text that is at hand as well-formed UTF-8.
  public mutating func text(utf8 value: [UInt8]?) {
    guard let value else { return null() }
    let start = bytes.count
    bytes.append(contentsOf: value)
    cells.append(.text(start..<bytes.count))
  }

  public mutating func blob(_ value: [UInt8]?) {
    guard let value else { return null() }
    blob { $0.append(contentsOf: value) }
  }

  /// Sixteen bytes, most significant first.
  public mutating func identifier(_ value: Identifier) {
    blob { bytes in value.withBytes { bytes.append(contentsOf: $0) } }
  }

  /// A blob that is written straight into its place.
  public mutating func blob(_ write: (inout [UInt8]) -> Void) {
    let start = bytes.count
    write(&bytes)
    cells.append(.blob(start..<bytes.count))
  }

  public mutating func removeAll() {
    cells.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }
}

/// Rows for one table.
public struct RowBatch: Sendable {
  public let table: String
  public let columns: [String]
  public var cells: CellBatch

  public init(table: String, columns: [String], reservingRows rows: Int = 0, bytesPerRow: Int = 0) {
    self.table = table
    self.columns = columns
    cells = CellBatch(width: columns.count, reservingRows: rows, bytesPerRow: bytesPerRow)
  }

  public var isEmpty: Bool { cells.isEmpty }
}
