/// Turns the physical lines of a delimited file into records, joining the lines of a quoted field.
///
/// A fault costs the line on which its record began and no more: the lines that were joined to it are then
/// read again by themselves. That stays linear. Each quotation mark opens or closes, so a line that leaves
/// a field open holds an odd number of them, and the next line with an odd number closes the field or is
/// the fault; of the lines read again only the last can open a field.
struct TableReader: Sendable {
  private let used: [(index: Int, role: ColumnRole)]
  private let columnCount: Int?
  private let needed: Int
  private var splitter: FieldSplitter
  private var awaitsHeader: Bool
  /// The lines of a record whose quoted field is still open, each with its LF.
  private var held: [UInt8] = []
  private var heldNumber: Int64 = 0
  private var heldFault: IntakeFault?

  init(columns: ColumnMap, hasQuoting: Bool) {
    used = columns.columns.compactMap { column in column.role.map { (column.number - 1, $0) } }
    columnCount = columns.columnCount
    needed = (used.map(\.index).max() ?? 0) + 1
    splitter = FieldSplitter(delimiter: columns.delimiter, hasQuoting: hasQuoting)
    awaitsHeader = columns.hasHeader
  }

  /// Takes one line without its end; `fault` is what is wrong with its bytes whatever the columns say.
  mutating func take(
    _ line: Span<UInt8>, number: Int64, fault: IntakeFault?, _ emit: (IntakeLine) throws -> Void
  ) rethrows {
    guard !held.isEmpty else {
      switch splitter.split(line) {
      case .complete: try emit(IntakeLine(number: number, content: content(of: line, fault: fault)))
      case .fault(let broken): try emit(rejection(number, fault ?? broken))
      case .open:
        heldNumber = number
        hold(line, fault)
      }
      return
    }
    if held.count + line.count > IntakeReader.lineLimit {
      hold(line, nil)
      return try release(.quotedFieldTooLong(limit: IntakeReader.lineLimit), emit)
    }
    let outcome = splitter.split(line, insideQuotes: true)
    let before = held.count
    hold(line, fault)
    switch outcome {
    case .open: break
    case .fault(.textAfterQuote(let column)): try release(.textAfterQuote(column: before + column), emit)
    case .fault(.quoteInsideField(let column)): try release(.quoteInsideField(column: before + column), emit)
    case .fault(let broken): try release(broken, emit)
    case .complete:
      let record = held
      let (start, broken) = (heldNumber, heldFault)
      dropHeld()
      let bytes = record.span.extracting(..<(record.count - 1))
      _ = splitter.split(bytes)
      try emit(IntakeLine(number: start, content: content(of: bytes, fault: broken)))
    }
  }

  /// Gives up on an open record because a line follows that is too long to hold.
  mutating func interrupt(_ emit: (IntakeLine) throws -> Void) rethrows {
    while !held.isEmpty { try release(.quotedFieldTooLong(limit: IntakeReader.lineLimit), emit) }
  }

  mutating func finish(_ emit: (IntakeLine) throws -> Void) rethrows {
    while !held.isEmpty { try release(.unterminatedQuote, emit) }
  }

  private mutating func hold(_ line: Span<UInt8>, _ fault: IntakeFault?) {
    if heldFault == nil, let fault {
      if case .invalidUTF8(let byte) = fault {
        heldFault = .invalidUTF8(atByte: held.count + byte)
      } else {
        heldFault = fault
      }
    }
    line.withUnsafeBufferPointer { held.append(contentsOf: $0) }
    held.append(0x0A)
  }

  private mutating func dropHeld() {
    held = []
    heldFault = nil
  }

  /// Rejects the first line held, then reads the others again as lines of their own.
  private mutating func release(_ fault: IntakeFault, _ emit: (IntakeLine) throws -> Void) rethrows {
    let lines = held
    var number = heldNumber
    dropHeld()
    try emit(rejection(number, fault))
    var at = LineScan(lines.span, from: 0).end + 1
    while at < lines.count {
      number += 1
      let scan = LineScan(lines.span, from: at)
      let line = lines.span.extracting(at..<scan.end)
      try take(line, number: number, fault: IntakeReader.byteFault(of: line, scan), emit)
      at = scan.end + 1
    }
  }

  private mutating func rejection(_ number: Int64, _ fault: IntakeFault) -> IntakeLine {
    awaitsHeader = false
    return IntakeLine(number: number, content: .rejected(fault))
  }

  /// Reads the fields that the splitter has just found.
  private mutating func content(of bytes: Span<UInt8>, fault: IntakeFault?) -> IntakeLine.Content {
    if let fault {
      awaitsHeader = false
      return .rejected(fault)
    }
    let fields = splitter.fields
    if fields.count == 1, bytes.trimmed(0..<bytes.count) == nil { return .blank }
    if awaitsHeader {
      awaitsHeader = false
      return .blank
    }
    guard fields.count >= needed, fields.count == columnCount ?? fields.count else {
      return .rejected(.wrongColumnCount(expected: columnCount ?? needed, found: fields.count))
    }
    var record = IntakeRecord(address: [])
    for (index, role) in used {
      if let text = splitter.text(of: fields[index], in: bytes) { record.set(role, text) }
    }
    return record.address.isEmpty ? .rejected(.missingAddress) : .record(record)
  }
}
