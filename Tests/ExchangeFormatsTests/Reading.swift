import ExchangeFormats

/// Everything a reader says about an input fed to it in pieces of the given sizes, in turn.
func read(
  _ bytes: [UInt8], _ format: IntakeFormat, columns: ColumnMap? = nil, pieces: [Int] = [Int.max]
) -> (lines: [IntakeLine], linesRead: Int64) {
  var reader = IntakeReader(format: format, columns: columns)
  var lines: [IntakeLine] = []
  var at = 0
  var turn = 0
  while at < bytes.count {
    let size = min(max(pieces[turn % pieces.count], 1), bytes.count - at)
    reader.feed(bytes[at..<at + size]) { lines.append($0) }
    at += size
    turn += 1
  }
  reader.finish { lines.append($0) }
  return (lines, reader.linesRead)
}

func read(_ text: String, _ format: IntakeFormat, columns: ColumnMap? = nil) -> [IntakeLine] {
  read(Array(text.utf8), format, columns: columns).lines
}

/// Lines in short: `1 address|note|kind`, `2 -` for blank, and `3 !` with the fault for a reject.
func short(_ lines: [IntakeLine]) -> [String] {
  lines.map { line in
    switch line.content {
    case .blank: return "\(line.number) -"
    case .rejected(let fault): return "\(line.number) ! \(fault)"
    case .record(let record):
      let cells = [record.address, record.note, record.kind, record.reportedAt, record.source]
      let last = cells.lastIndex { $0 != nil } ?? 0
      return "\(line.number) "
        + cells[...last].map { String(decoding: $0 ?? [], as: UTF8.self) }.joined(separator: "|")
    }
  }
}

func faults(_ lines: [IntakeLine]) -> [Int64: IntakeFault] {
  var found: [Int64: IntakeFault] = [:]
  for line in lines {
    if case .rejected(let fault) = line.content { found[line.number] = fault }
  }
  return found
}

/// SplitMix64, so that every run of a test draws the same numbers.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
