import CPQ
import Glibc
import Storage

/// Where the database is and how to get there: a libpq address with our defaults where it says nothing.
struct PostgresSettings: Sendable {
  private struct Option: Sendable {
    let keyword: String
    var value: String
  }

  private var options: [Option] = []

  /// Libpq's own defaults wait for minutes before they notice a machine that is gone.
  private static let defaults = [
    ("application_name", "cordon"), ("connect_timeout", "5"), ("keepalives_idle", "5"), ("keepalives_interval", "2"),
    ("keepalives_count", "3"), ("tcp_user_timeout", "10000"),
  ]

  /// Throws ``StorageError/unavailable(_:)`` for an address that libpq can't read.
  init(url: String) throws {
    var message: UnsafeMutablePointer<CChar>?
    guard let parsed = PQconninfoParse(url, &message) else {
      // The message repeats the address, which may hold a password.
      PQfreemem(message)
      throw StorageError.unavailable(
        "the address of the database can't be read: it is postgresql://user@host:port/database?options")
    }
    defer { PQconninfoFree(parsed) }
    var option = parsed
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val {
        options.append(Option(keyword: String(cString: keyword), value: String(cString: value)))
      }
      option += 1
    }
    for (keyword, value) in Self.defaults where self[keyword] == nil { set(keyword, value) }
    // Of several servers one can be written to; which one, changes.
    if self["host"]?.contains(",") == true || self["hostaddr"]?.contains(",") == true,
      self["target_session_attrs"] == nil
    {
      set("target_session_attrs", "read-write")
    }
    set("client_encoding", "UTF8")
  }

  private subscript(_ keyword: String) -> String? { options.first { $0.keyword == keyword }?.value }

  private mutating func set(_ keyword: String, _ value: String) {
    options.removeAll { $0.keyword == keyword }
    options.append(Option(keyword: keyword, value: value))
  }

  /// Whether waiting may help: nobody answers, a server is starting, or another of several may become the primary.
  func mayComeBack() -> Bool {
    if self["host"]?.contains(",") == true { return true }
    return withPointers { keywords, values in PQpingParams(keywords, values, 0) } != PQPING_OK
  }

  /// Blocks until the connection stands or has failed; nil without memory.
  func connect() -> OpaquePointer? {
    withPointers { keywords, values in PQconnectdbParams(keywords, values, 0) }
  }

  private func withPointers<R>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> R
  ) -> R {
    var keywords = options.map { strdup($0.keyword).map { UnsafePointer($0) } }
    var values = options.map { strdup($0.value).map { UnsafePointer($0) } }
    defer { for pointer in keywords + values { free(UnsafeMutablePointer(mutating: pointer)) } }
    keywords.append(nil)
    values.append(nil)
    return body(keywords, values)
  }

  /// A message of libpq on one line, without the password if it should be in there.
  func redact(_ message: String) -> String {
    let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    guard let password = self["password"], !password.isEmpty else { return line }
    return line.split(separator: password, omittingEmptySubsequences: false).joined(separator: "…")
  }
}
