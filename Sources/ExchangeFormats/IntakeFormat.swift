/// The shapes of file that an import reads.
public enum IntakeFormat: String, CaseIterable, Sendable {
  /// Columns with RFC 4180 quoting; the delimiter is the ``ColumnMap``'s.
  case csv
  /// Columns divided by tabs, with no quoting at all.
  case tsv
  /// One JSON object, or one bare JSON string, a line.
  case jsonl
  /// One address a line; `#` begins a comment line.
  case list
  /// Prose: each line is handed on whole, for a link finder to search.
  case text

  /// Whether a ``ColumnMap`` has a meaning for this format.
  public var hasColumns: Bool { self == .csv || self == .tsv }
}
