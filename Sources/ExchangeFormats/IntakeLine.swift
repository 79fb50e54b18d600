/// What one line of input, or one CSV record of several lines, turned out to be.
public struct IntakeLine: Sendable, Hashable {
  public enum Content: Sendable, Hashable {
    case record(IntakeRecord)
    case rejected(IntakeFault)
    /// An empty line, a comment of a list, or the header of a table.
    case blank
  }

  /// The physical line on which the record starts, from 1.
  public let number: Int64
  public let content: Content

  public init(number: Int64, content: Content) {
    self.number = number
    self.content = content
  }
}

/// One reported address with what its line said beside it; every field is valid UTF-8 without NUL.
///
/// An empty cell is nil. Spaces and tabs around a value are dropped, except in the `text` format.
public struct IntakeRecord: Sendable, Hashable {
  /// The address as written; in the `text` format the whole line, in which links are still to be found.
  public var address: [UInt8]
  public var note: [UInt8]?
  public var kind: [UInt8]?
  /// When the content was reported, as written: nobody has read it as an instant yet.
  public var reportedAt: [UInt8]?
  /// Who or what reported it, as written.
  public var source: [UInt8]?

  public init(
    address: [UInt8], note: [UInt8]? = nil, kind: [UInt8]? = nil, reportedAt: [UInt8]? = nil,
    source: [UInt8]? = nil
  ) {
    self.address = address
    self.note = note
    self.kind = kind
    self.reportedAt = reportedAt
    self.source = source
  }
}
