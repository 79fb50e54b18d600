import Crypto
import Domain
import HTTPTypes
import Hummingbird

/// Tells our own forms from those of other sites.
///
/// Two nets: what the browser says of where a request comes from, and a token in each form that only our pages know.
struct CrossSite: Sendable {
  /// Made when the process starts: a form from before a restart is asked for again.
  private let key = SymmetricKey(size: .bits256)
  private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")
  private static let forwardedHost = HTTPField.Name("X-Forwarded-Host")

  /// The token of the forms of a session.
  func token(for secret: String) -> String {
    Hex.encode(Array(HMAC<SHA256>.authenticationCode(for: Array(secret.utf8), using: key)))
  }

  func isValid(_ token: String?, for secret: String) -> Bool {
    guard let bytes = token.flatMap({ Hex.decode($0) }) else { return false }
    return HMAC<SHA256>.isValidAuthenticationCode(bytes, authenticating: Array(secret.utf8), using: key)
  }

  /// Whether nothing that the browser says speaks against the request being from a page of ours.
  func isOwn(_ request: Request) -> Bool {
    if let name = Self.fetchSite, let site = request.headers[name] { return site == "same-origin" || site == "none" }
    // A page that sends no referrer sends the origin "null" (Fetch, "append a request Origin header"): ours do.
    guard let origin = request.headers[.origin], origin != "null" else { return true }
    let host = Self.forwardedHost.flatMap { request.headers[$0] } ?? request.head.authority
    guard let host, let separator = origin.firstRange(of: "://") else { return false }
    return origin[separator.upperBound...] == host
  }
}
