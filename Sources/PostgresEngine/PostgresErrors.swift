import CPQ
import Storage

extension StorageError {
  /// What the server's report means to the store, told in the server's own words without its data.
  ///
  /// The detail of a report may hold values of a row, and those are not for a log: only its message is kept.
  init(postgres result: PostgresResult, on handle: OpaquePointer) {
    let message = result.errorField("M") ?? Self.lineOf(handle)
    let code = result.errorField("C") ?? ""
    if PQstatus(handle) != CONNECTION_OK {
      self = .unavailable("the connection to PostgreSQL was lost (\(message)): what was asked can be asked again")
      return
    }
    self = Self.meaning(of: code, message)
  }

  /// PostgreSQL's documentation, Appendix A, lists the codes.
  private static func meaning(of code: String, _ message: String) -> StorageError {
    switch code {
    case "53100": .full
    case "25006": .unavailable("it can only be read here (\(message)): name the primary server in the address")
    case "42501": .unavailable("the role lacks a right (\(message)): grant it, or own the schema")
    case "22021", "22P05": .conflict("a text holds a character that PostgreSQL can't keep")
    case _ where code.hasPrefix("23"): .conflict(message)
    case _ where code.hasPrefix("XX"): .damaged(message)
    case "42P01", "42703": .damaged(message)
    default: .unavailable(message)
    }
  }

  /// libpq's own message, on one line.
  static func lineOf(_ handle: OpaquePointer) -> String {
    String(cString: PQerrorMessage(handle)).split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
