/// The first rows of a table as text, for finding out what its columns are.
struct TableSample {
  static let rowLimit = 200
  static let byteLimit = 65_536

  let delimiter: UInt8
  let rows: [[String]]

  /// Reads rows until a limit; the last is left out when it may be cut off. Broken rows are passed over.
  init(_ bytes: [UInt8], delimiter: UInt8, hasQuoting: Bool) {
    self.delimiter = delimiter
    var splitter = FieldSplitter(delimiter: delimiter, hasQuoting: hasQuoting)
    let sample = bytes.prefix(Self.byteLimit)
    let span = sample.span
    var rows: [[String]] = []
    var at = IntakeReader.beginsWithByteOrderMark(span) ? 3 : 0
    reading: while at < span.count, rows.count < Self.rowLimit {
      let lineEnd = LineScan(span, from: at).end
      switch splitter.split(span, from: at) {
      case .complete(let end):
        if end == span.count, span.count == Self.byteLimit, !rows.isEmpty { break reading }
        let row = splitter.fields.map { field in
          let text = splitter.text(of: field, in: span) ?? []
          return String(decoding: text.last == 0x0D ? text.dropLast() : text[...], as: UTF8.self)
        }
        if row.count > 1 || row.first?.isEmpty == false { rows.append(row) }
        at = end + 1
        continue
      case .open, .fault: break
      }
      at = lineEnd + 1
    }
    self.rows = rows
  }

  /// The number of columns that most rows have (the greater of equals), and the share of rows with it.
  var width: (count: Int, share: Double) {
    var counts: [Int: Int] = [:]
    for row in rows { counts[row.count, default: 0] += 1 }
    guard let best = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { return (1, 0) }
    return (best.key, Double(best.value) / Double(rows.count))
  }

  var hasHeader: Bool { rows.first.map { Self.isHeader($0) } ?? false }

  /// A header names a known column and holds no address.
  static func isHeader(_ row: [String]) -> Bool {
    row.contains { ColumnRole(heading: $0) != nil }
      && !row.contains { AddressLook.hasScheme($0) || AddressLook.matches($0) }
  }
}
