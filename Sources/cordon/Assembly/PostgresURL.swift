import Foundation

/// A connection URI as libpq reads it, `postgresql://user:password@host:port,host:port/database?name=value`.
///
/// It is handed to libpq as it was given; what is taken out of it here is what people are shown, and what
/// names the directory beside the store.
struct PostgresURL: Sendable, Hashable {
  /// As it was given, password included: for the engine alone.
  let text: String
  /// With `***` in the place of every password.
  let redacted: String
  /// The first host; a socket's directory counts as one, and without any it is this machine.
  let host: String
  let port: String
  let database: String

  static let schemes = ["postgresql://", "postgres://"]

  init(_ text: String) throws {
    guard let scheme = Self.schemes.first(where: text.hasPrefix) else {
      throw CommandFailure(.usage, "a PostgreSQL store looks like postgresql://USER@HOST:PORT/DATABASE")
    }
    self.text = text
    let rest = text.dropFirst(scheme.count)
    let at = Self.endOfCredentials(rest)
    let credentials = at.map { rest[..<$0] } ?? ""
    let place = at.map { rest[rest.index(after: $0)...] } ?? rest
    let user = credentials.prefix { $0 != ":" }
    let query = place.firstIndex(of: "?").map { place[place.index(after: $0)...] }
    let path = place.prefix { $0 != "?" }
    let hosts = path.prefix { $0 != "/" }
    redacted =
      scheme + (at == nil ? "" : user + (credentials.contains(":") ? ":***" : "") + "@") + path
      + (query.map { "?" + Self.redactedQuery($0) } ?? "")
    let parameters = Self.parameters(query)
    let first = try Self.hostAndPort(hosts.prefix { $0 != "," })
    host = Self.named(parameters["host"]?.prefix { $0 != "," }, first.host, or: "local")
    port = Self.named(parameters["port"]?.prefix { $0 != "," }, first.port, or: "5432")
    guard let number = Int(port), (1...65_535).contains(number) else {
      throw CommandFailure(.usage, "the port in \(redacted) is not 1 to 65535")
    }
    let named = path.dropFirst(hosts.count + 1)
    database = Self.named(parameters["dbname"]?[...], named, or: user.isEmpty ? "default" : Self.decoded(user))
  }

  /// Where user and password end: at the `@` in front of the first slash.
  ///
  /// A password with a slash that was not written as %2F is no valid one, but must not be shown either.
  private static func endOfCredentials(_ rest: Substring) -> Substring.Index? {
    let head = rest.prefix { $0 != "/" }
    return head.lastIndex(of: "@") ?? rest.prefix { $0 != "?" }.lastIndex(of: "@")
  }

  private static func hostAndPort(_ text: Substring) throws -> (host: Substring, port: Substring) {
    guard text.hasPrefix("[") else {
      let host = text.prefix { $0 != ":" }
      return (host, text.dropFirst(host.count + 1))
    }
    guard let close = text.firstIndex(of: "]") else {
      throw CommandFailure(.usage, "an IPv6 address in a store's URL stands in brackets, such as [::1]")
    }
    return (text[text.index(after: text.startIndex)..<close], text[text.index(after: close)...].dropFirst())
  }

  private static func parameters(_ query: Substring?) -> [String: String] {
    var found: [String: String] = [:]
    for pair in (query ?? "").split(separator: "&") {
      let name = pair.prefix { $0 != "=" }
      found[decoded(name)] = decoded(pair.dropFirst(name.count + 1))
    }
    return found
  }

  private static func redactedQuery(_ query: Substring) -> String {
    query.split(separator: "&", omittingEmptySubsequences: false).map { pair in
      let name = pair.prefix { $0 != "=" }
      return decoded(name).lowercased().contains("password") ? "\(name)=***" : String(pair)
    }.joined(separator: "&")
  }

  /// The first of the two that says anything.
  private static func named(_ parameter: Substring?, _ part: Substring, or fallback: String) -> String {
    if let parameter, !parameter.isEmpty { return String(parameter) }
    return part.isEmpty ? fallback : decoded(part)
  }

  private static func decoded(_ text: Substring) -> String { text.removingPercentEncoding ?? String(text) }
}

extension PostgresURL {
  /// What the directory beside the store is called: first host, port and database, as far as a file name allows.
  var directoryName: String {
    let name = [host, port, database].joined(separator: "-")
    let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" }
    return String(safe.drop { $0 == "_" || $0 == "." })
  }
}
