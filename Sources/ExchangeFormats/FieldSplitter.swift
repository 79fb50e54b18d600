/// Finds the fields of one delimited record, by RFC 4180 with the strictness that its section 2 allows.
struct FieldSplitter: Sendable {
  /// Where the text of a field lies, its quotation marks left out.
  struct Field: Sendable {
    let start: Int
    let end: Int
    let hasDoubledQuotes: Bool
  }

  enum Outcome {
    /// The record ends at this index: at an LF outside quotation marks, or at the end of the bytes.
    case complete(end: Int)
    /// The bytes end inside a quoted field.
    case open
    case fault(IntakeFault)
  }

  let delimiter: UInt8
  let hasQuoting: Bool
  /// The fields of the record that ``split(_:from:insideQuotes:)`` found last.
  private(set) var fields: [Field] = []

  init(delimiter: UInt8, hasQuoting: Bool) {
    self.delimiter = delimiter
    self.hasQuoting = hasQuoting
  }

  /// Splits the record at `start`; with `insideQuotes` the bytes carry on a field opened before them,
  /// and the fields found mean nothing.
  mutating func split(_ bytes: Span<UInt8>, from start: Int = 0, insideQuotes: Bool = false) -> Outcome {
    fields.removeAll(keepingCapacity: true)
    var at = start
    var isQuoted = insideQuotes
    while true {
      if !isQuoted, hasQuoting, at < bytes.count, bytes[at] == 0x22 {
        isQuoted = true
        at += 1
      }
      let fieldStart = at
      if isQuoted {
        isQuoted = false
        guard let doubled = skipQuoted(bytes, &at) else { return .open }
        fields.append(Field(start: fieldStart, end: at, hasDoubledQuotes: doubled))
        at += 1
        if at < bytes.count, bytes[at] == 0x0D, at + 1 == bytes.count || bytes[at + 1] == 0x0A { at += 1 }
        if at < bytes.count, bytes[at] != delimiter, bytes[at] != 0x0A {
          return .fault(.textAfterQuote(column: at - start + 1))
        }
      } else {
        while at < bytes.count {
          let byte = bytes[at]
          if byte == delimiter || byte == 0x0A { break }
          if byte == 0x22, hasQuoting { return .fault(.quoteInsideField(column: at - start + 1)) }
          at += 1
        }
        fields.append(Field(start: fieldStart, end: at, hasDoubledQuotes: false))
      }
      guard at < bytes.count, bytes[at] == delimiter else { return .complete(end: at) }
      at += 1
    }
  }

  /// Moves to the closing quotation mark; says whether doubled ones were passed, nil when there is no end.
  private func skipQuoted(_ bytes: Span<UInt8>, _ at: inout Int) -> Bool? {
    var doubled = false
    while at < bytes.count {
      if bytes[at] == 0x22 {
        guard at + 1 < bytes.count, bytes[at + 1] == 0x22 else { return doubled }
        doubled = true
        at += 1
      }
      at += 1
    }
    return nil
  }

  /// The text of a field, spaces and tabs around it dropped and doubled marks made single; nil when empty.
  func text(of field: Field, in bytes: Span<UInt8>) -> [UInt8]? {
    guard let range = bytes.trimmed(field.start..<field.end) else { return nil }
    var text = bytes.copy(range)
    if field.hasDoubledQuotes {
      var kept = 0
      var isSecond = false
      for byte in text {
        isSecond = byte == 0x22 && !isSecond
        if isSecond || byte != 0x22 {
          text[kept] = byte
          kept += 1
        }
      }
      text.removeLast(text.count - kept)
    }
    return text
  }
}

extension Span<UInt8> {
  /// The range without the spaces and tabs at both ends, or nil when nothing is left.
  func trimmed(_ range: Range<Int>) -> Range<Int>? {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
    while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
    return start < end ? start..<end : nil
  }

  /// The bytes of the range as an array of their own.
  func copy(_ range: Range<Int>) -> [UInt8] {
    extracting(range).withUnsafeBufferPointer { Array($0) }
  }
}
