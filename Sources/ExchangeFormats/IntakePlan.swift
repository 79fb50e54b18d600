/// How one file will be read: its format and, for a table, its columns.
public struct IntakePlan: Sendable, Hashable {
  public let format: IntakeFormat
  /// Nil unless the format has columns.
  public let columns: ColumnMap?

  /// Decides from what a person said and, where they said nothing, from the name and the first bytes.
  ///
  /// `firstBytes` should hold ``FormatDetection/sampleSize`` bytes, or the whole of a shorter file.
  public init(
    fileName: String?, firstBytes: [UInt8], format: IntakeFormat? = nil, columns spec: String? = nil
  ) throws(IntakeRefusal) {
    if let format {
      try FormatDetection.refuseWhatIsNoText(firstBytes)
      self.format = format
    } else {
      self.format = try FormatDetection.detect(fileName: fileName, firstBytes: firstBytes)
    }
    guard self.format.hasColumns else {
      if spec != nil { throw .columnsWithoutTable(self.format) }
      columns = nil
      return
    }
    let isCSV = self.format == .csv
    let sample =
      isCSV
      ? FormatDetection.csvSample(of: firstBytes)
      : TableSample(firstBytes, delimiter: 0x09, hasQuoting: false)
    if sample.rows.isEmpty, spec == nil {
      columns = ColumnMap(firstColumnIsAddressWithDelimiter: sample.delimiter)
      return
    }
    let namesHeadings = if let spec { try ColumnSpec(spec).namesHeadings } else { false }
    let hasHeader = sample.hasHeader || (namesHeadings && !sample.rows.isEmpty)
    columns = try ColumnMap.detect(
      header: hasHeader ? sample.rows.first : nil,
      sampleRows: hasHeader ? Array(sample.rows.dropFirst()) : sample.rows,
      delimiter: sample.delimiter, spec: spec)
  }

  /// A reader that follows this plan, from the first byte of the file.
  public func makeReader() -> IntakeReader { IntakeReader(format: format, columns: columns) }
}

extension IntakePlan: CustomStringConvertible {
  /// What the file is taken for, one line each: its format, then its columns.
  public var description: String {
    switch format {
    case .csv, .tsv: "\(format.rawValue), with these columns:\n\(columns.map(\.description) ?? "")"
    case .jsonl: "JSON Lines: one object or string a line"
    case .list: "a list: one address a line"
    case .text: "free text: links are looked for in each line"
    }
  }
}
