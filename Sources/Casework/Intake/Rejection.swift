/// Why an address was not put on record.
public struct Rejection: Error, Sendable, Hashable {
  public let code: Code
  /// A sentence that says what is wrong.
  public let reason: String

  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// The line could not be read as the format says.
    case unreadableLine = "unreadable_line"
    /// The URL Standard refuses it.
    case notAnAddress = "not_an_address"
    /// An address, but of no place on the web: a mail address, a script.
    case noPlace = "no_place"

    /// What the code means, with nothing of the address in it.
    public var meaning: String {
      switch self {
      case .unreadableLine: "the line can't be read in this format"
      case .notAnAddress: "this is not an address that the URL Standard accepts"
      case .noPlace: "this address names no place on the web"
      }
    }
  }

  public init(_ code: Code, _ reason: String) {
    self.code = code
    self.reason = reason
  }
}
