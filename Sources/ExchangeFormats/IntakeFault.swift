/// Why a line was not taken; the description says what is wrong and what to do about it.
public enum IntakeFault: Error, Sendable, Hashable {
  /// The line (or the CSV record that begins on it) is not UTF-8 from this byte on, counted from 1.
  case invalidUTF8(atByte: Int)
  case lineTooLong(limit: Int)
  /// The line holds a NUL byte.
  case binary
  case wrongColumnCount(expected: Int, found: Int)
  case missingAddress
  /// `column` counts bytes of the line from 1.
  case malformedJSON(JSONReason, column: Int)
  /// A quotation mark stands inside a field begun without one; `column` counts the record's bytes from 1.
  case quoteInsideField(column: Int)
  /// A quoted field goes on after its closing quotation mark; `column` counts the record's bytes from 1.
  case textAfterQuote(column: Int)
  case quotedFieldTooLong(limit: Int)
  /// The input ends inside a quoted field that begins on this line.
  case unterminatedQuote

  /// What a JSON line does wrong.
  public enum JSONReason: String, Sendable, Hashable, CaseIterable {
    case notAnObjectOrString = "a line must be one object or one string"
    case unexpectedEnd = "the line ends inside a value"
    case unexpectedCharacter = "this character cannot stand here"
    case controlCharacter = "a string holds a control character that must be escaped"
    case invalidEscape = "this escape does not exist in JSON"
    case loneSurrogate = "half of a surrogate pair stands alone"
    case nulCharacter = "a value holds the character NUL"
    case invalidNumber = "this is not a JSON number"
    case tooDeep = "values are nested more than 64 deep"
    case textAfterValue = "something follows the value"
    case repeatedKey = "this key appears twice"
    case addressNotString = "the address is not a string"
  }
}

extension IntakeFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .invalidUTF8(let byte):
      "Byte \(byte) of the line is not valid UTF-8; save the file as UTF-8 and import it again."
    case .lineTooLong(let limit):
      "The line is longer than \(limit) bytes; put one address on a line."
    case .binary:
      "The line holds a NUL byte, so it is not text; export the file as plain text in UTF-8."
    case .wrongColumnCount(let expected, let found):
      "The line has \(found) \(found == 1 ? "column" : "columns") where \(expected) "
        + "\(expected == 1 ? "was" : "were") expected; quote a value that holds the delimiter."
    case .missingAddress:
      "The line has no address; fill in the address or remove the line."
    case .malformedJSON(let reason, let column):
      "At byte \(column) the JSON is wrong: \(reason.rawValue); write one JSON object a line."
    case .quoteInsideField(let column):
      "At byte \(column) a quotation mark stands inside a field that does not begin with one; "
        + "quote the whole field and double the marks inside it."
    case .textAfterQuote(let column):
      "At byte \(column) text follows a closing quotation mark; double the marks inside a quoted field."
    case .quotedFieldTooLong(let limit):
      "A quoted field that begins on this line is not closed within \(limit) bytes; "
        + "close the quotation mark or shorten the field."
    case .unterminatedQuote:
      "A quoted field that begins on this line is never closed; close the quotation mark."
    }
  }
}
