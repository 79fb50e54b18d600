/// What the target of a redirect says by its path alone.
enum RedirectPath {
  // As segments of a path, in lower case. A list, because no standard names the place of a sign-in page.
  private static let signInSegments: [[UInt8]] = [
    "login", "log-in", "log_in", "signin", "sign-in", "sign_in", "servicelogin", "login.php", "signin.php",
    "login.html", "login.aspx", "wp-login.php",
  ].map { Array($0.utf8) }

  /// The path without one slash at its end; empty for a home page.
  static func trimmed(_ path: ArraySlice<UInt8>) -> [UInt8] {
    Array(path.last == UInt8(ascii: "/") ? path.dropLast() : path)
  }

  static func isHome(_ url: WebURL) -> Bool { url.path.count <= 1 }

  /// Whether one of the first three segments names a sign-in page.
  static func isSignIn(_ url: WebURL) -> Bool {
    let segments = url.path.split(separator: UInt8(ascii: "/"), maxSplits: 3)
    return segments.prefix(3).contains { segment in
      segment.count <= 12 && signInSegments.contains { $0.elementsEqual(segment.lazy.map(ASCII.lowercased)) }
    }
  }

  /// The host without `www.` in front and without a dot at its end.
  static func withoutWWW(_ host: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let name = host.last == UInt8(ascii: ".") ? host.dropLast() : host
    return name.starts(with: "www.".utf8) ? name.dropFirst(4) : name
  }

  /// Whether the two differ in nothing but scheme, `www.`, port, fragment and one slash at the end.
  static func isSamePage(_ left: WebURL, _ right: WebURL) -> Bool {
    withoutWWW(left.host) == withoutWWW(right.host) && trimmed(left.path) == trimmed(right.path)
      && (left.query ?? []) == (right.query ?? [])
  }
}
