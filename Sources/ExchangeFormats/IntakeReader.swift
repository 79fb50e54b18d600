/// Reads addresses out of a file fed to it in chunks; how the chunks are cut never changes what comes out.
///
/// Lines end at LF only; a CR before the LF, or before the end of the input, is dropped, and so is a UTF-8
/// byte order mark. A line longer than ``lineLimit`` is rejected without being held, so memory stays
/// bounded whatever the input. Lines come out in order. When `emit` throws, the reader is spent.
public struct IntakeReader: Sendable {
  /// The longest line, and the longest CSV record, that is taken, in bytes.
  public static let lineLimit = 65_536

  public let format: IntakeFormat
  /// The physical lines read so far; a last line without LF counts once ``finish(_:)`` has run.
  public private(set) var linesRead: Int64 = 0

  private var table: TableReader
  private var json = JSONLineReader()
  /// The start of a line whose end has not been fed yet.
  private var carry: [UInt8] = []
  /// Whether the rest of the line in hand is passed over because it is too long.
  private var isSkipping = false

  /// A reader of one input; without columns, a table's first column is taken for the address.
  public init(format: IntakeFormat, columns: ColumnMap? = nil) {
    self.format = format
    let delimiter: UInt8 = format == .tsv ? 0x09 : 0x2C
    table = TableReader(
      columns: columns ?? ColumnMap(firstColumnIsAddressWithDelimiter: delimiter), hasQuoting: format == .csv)
  }

  /// Takes the next bytes of the input, of any number.
  public mutating func feed(
    _ chunk: UnsafeRawBufferPointer, _ emit: (IntakeLine) throws -> Void
  ) rethrows {
    try chunk.withMemoryRebound(to: UInt8.self) { try feed($0.span, emit) }
  }

  /// Takes the next bytes of the input, of any number.
  public mutating func feed(_ chunk: ArraySlice<UInt8>, _ emit: (IntakeLine) throws -> Void) rethrows {
    try feed(chunk.span, emit)
  }

  /// Takes the next bytes of the input, of any number.
  public mutating func feed(_ chunk: Span<UInt8>, _ emit: (IntakeLine) throws -> Void) rethrows {
    var start = 0
    while start < chunk.count {
      let scan = LineScan(chunk, from: start)
      let length = scan.end - start
      if isSkipping {
        if scan.foundLineFeed {
          isSkipping = false
          linesRead += 1
        }
      } else if carry.count + length > Self.lineLimit {
        carry = []
        try table.interrupt(emit)
        try emit(IntakeLine(number: linesRead + 1, content: .rejected(.lineTooLong(limit: Self.lineLimit))))
        isSkipping = !scan.foundLineFeed
        if scan.foundLineFeed { linesRead += 1 }
      } else if !scan.foundLineFeed {
        chunk.extracting(start..<scan.end).withUnsafeBufferPointer { carry.append(contentsOf: $0) }
      } else if carry.isEmpty {
        try take(chunk.extracting(start..<scan.end), scan, emit)
      } else {
        chunk.extracting(start..<scan.end).withUnsafeBufferPointer { carry.append(contentsOf: $0) }
        try takeCarry(emit)
      }
      start = scan.end + 1
    }
  }

  /// Ends the input: a last line without LF is read, and an open quoted field is rejected.
  public mutating func finish(_ emit: (IntakeLine) throws -> Void) rethrows {
    if isSkipping {
      isSkipping = false
      linesRead += 1
    } else if !carry.isEmpty {
      try takeCarry(emit)
    }
    try table.finish(emit)
  }

  private mutating func takeCarry(_ emit: (IntakeLine) throws -> Void) rethrows {
    let line = carry
    carry = []
    try take(line.span, LineScan(line.span, from: 0), emit)
  }

  private mutating func take(
    _ whole: Span<UInt8>, _ scan: LineScan, _ emit: (IntakeLine) throws -> Void
  ) rethrows {
    linesRead += 1
    let number = linesRead
    let start = number == 1 && Self.beginsWithByteOrderMark(whole) ? 3 : 0
    let end = whole.count > start && whole[whole.count - 1] == 0x0D ? whole.count - 1 : whole.count
    let line = whole.extracting(start..<end)
    let fault = Self.byteFault(of: line, scan)
    if format.hasColumns { return try table.take(line, number: number, fault: fault, emit) }
    let content: IntakeLine.Content = if let fault { .rejected(fault) } else { self.content(of: line) }
    try emit(IntakeLine(number: number, content: content))
  }

  private func content(of line: Span<UInt8>) -> IntakeLine.Content {
    guard let range = line.trimmed(0..<line.count) else { return .blank }
    switch format {
    case .jsonl: return json.content(of: line)
    case .text: return .record(IntakeRecord(address: line.copy(0..<line.count)))
    case .list, .csv, .tsv:
      if line[range.lowerBound] == 0x23 { return .blank }
      return .record(IntakeRecord(address: line.copy(range)))
    }
  }

  /// What makes a line's bytes unfit whatever its format, from what the scan noticed.
  static func byteFault(of line: Span<UInt8>, _ scan: LineScan) -> IntakeFault? {
    if scan.hasNUL { return .binary }
    guard scan.hasNonASCII, let index = UTF8Validity.firstFault(in: line) else { return nil }
    return .invalidUTF8(atByte: index + 1)
  }

  static func beginsWithByteOrderMark(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
  }
}
