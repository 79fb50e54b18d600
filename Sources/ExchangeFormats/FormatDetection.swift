/// Tells the format of a file from its name and its first bytes.
public enum FormatDetection {
  /// How many of the first bytes are looked at; fewer are fine.
  public static let sampleSize = TableSample.byteLimit

  /// The format: by the extension where it says enough, else by the content, else a list.
  ///
  /// A table without a telling extension is taken for one only when its rows cannot be mere addresses with
  /// a comma in them. ``IntakeFormat/text`` is never guessed. Throws ``IntakeRefusal`` for what is no UTF-8
  /// text and for a JSON array.
  public static func detect(
    fileName: String?, firstBytes: [UInt8]
  ) throws(IntakeRefusal) -> IntakeFormat {
    try refuseWhatIsNoText(firstBytes)
    let start = firstContent(firstBytes)
    switch fileName.map({ fileExtension(of: $0) }) {
    case "csv": return .csv
    case "tsv", "tab": return .tsv
    case "json", "jsonl", "ndjson", "jsonlines":
      if start == 0x5B { throw .jsonArray }
      return .jsonl
    case "list", "lst", "urls": return .list
    default: break
    }
    if start == 0x7B { return .jsonl }
    if table(in: firstBytes, delimiter: 0x09, hasQuoting: false) != nil { return .tsv }
    if start == 0x22, linesAreStrings(firstBytes) { return .jsonl }
    let isTable = csvDelimiters.contains { delimiter in
      table(in: firstBytes, delimiter: delimiter, hasQuoting: true).map { cannotBeList($0) } ?? false
    }
    return isTable ? .csv : .list
  }

  /// Throws when the bytes begin a file that is not lines of UTF-8 text, whatever its name.
  public static func refuseWhatIsNoText(_ firstBytes: [UInt8]) throws(IntakeRefusal) {
    if let refusal = BinaryFile.refusal(for: firstBytes) { throw refusal }
  }

  static let csvDelimiters: [UInt8] = [0x2C, 0x3B, 0x7C]

  /// The delimiter of a CSV file: the one that divides most rows into the same number of columns.
  static func csvSample(of bytes: [UInt8]) -> TableSample {
    var best = TableSample(bytes, delimiter: 0x2C, hasQuoting: true)
    var bestScore = score(best)
    for delimiter in [0x3B, 0x7C, 0x09] as [UInt8] {
      let sample = TableSample(bytes, delimiter: delimiter, hasQuoting: true)
      let found = score(sample)
      if found > bestScore { (best, bestScore) = (sample, found) }
    }
    return best
  }

  private static func score(_ sample: TableSample) -> Double {
    let width = sample.width
    guard width.count > 1 else { return 0 }
    // Where an address column comes out whole the delimiter is right; a comma may also cut addresses up.
    let hasAddresses = sample.hasHeader || addressColumn(of: sample, width: width.count) != nil
    return width.share + (hasAddresses ? 1 : 0) + (sample.hasHeader ? 1 : 0)
  }

  /// The sample, when its rows agree on two columns or more and one column holds mostly addresses.
  private static func table(in bytes: [UInt8], delimiter: UInt8, hasQuoting: Bool) -> TableSample? {
    let sample = TableSample(bytes, delimiter: delimiter, hasQuoting: hasQuoting)
    let width = sample.width
    guard width.count > 1, width.share >= 0.9 else { return nil }
    return sample.hasHeader || addressColumn(of: sample, width: width.count) != nil ? sample : nil
  }

  private static func addressColumn(of sample: TableSample, width: Int) -> Int? {
    let rows = sample.rows.filter { $0.count == width }
    return (0..<width).first { column in
      rows.count { AddressLook.matches($0[column]) } * 2 >= rows.count
    }
  }

  /// Whether the rows say more than addresses that happen to hold the delimiter.
  private static func cannotBeList(_ sample: TableSample) -> Bool {
    if sample.hasHeader { return true }
    let telling = sample.rows.count { row in
      let others = row.dropFirst()
      return row.first.map { !AddressLook.matches($0) } ?? true
        || others.contains { cell in
          cell.contains(" ") || AddressLook.hasScheme(cell) || cell.allSatisfy { $0.isLetter }
        }
    }
    return telling * 2 > sample.rows.count
  }

  /// Whether every line of the sample is one JSON string that looks like an address.
  private static func linesAreStrings(_ bytes: [UInt8]) -> Bool {
    let sample = TableSample(bytes, delimiter: 0x00, hasQuoting: false)
    return sample.rows.allSatisfy { row in
      guard let line = row.first, row.count == 1, line.count >= 2 else { return false }
      return line.hasPrefix("\"") && line.hasSuffix("\"") && AddressLook.matches(line.dropFirst().dropLast())
    }
  }

  private static func fileExtension(of name: String) -> String {
    let file = name.split(separator: "/").last ?? ""
    guard let dot = file.lastIndex(of: ".") else { return "" }
    return file[file.index(after: dot)...].lowercased()
  }

  /// The first byte that is neither a byte order mark nor white space.
  private static func firstContent(_ bytes: [UInt8]) -> UInt8? {
    let start = IntakeReader.beginsWithByteOrderMark(bytes.span) ? 3 : 0
    return bytes.dropFirst(start).first { ![0x20, 0x09, 0x0D, 0x0A].contains($0) }
  }
}
