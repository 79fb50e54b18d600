import Casework
import HTTPTypes
import Hummingbird

/// The cookie that says who visits.
enum SessionCookie {
  static let name = "cordon_session"
  private static let forwardedProtocol = HTTPField.Name("X-Forwarded-Proto")

  static func secret(of request: Request) -> String? { request.cookies[name]?.value }

  /// Readable by no script, sent to no other site, and over TLS alone where the visitor came over it.
  static func set(_ secret: String, for request: Request) -> String {
    "\(name)=\(secret); Path=/; HttpOnly; SameSite=Strict" + (isSecure(request) ? "; Secure" : "")
  }

  static func clear(for request: Request) -> String {
    "\(name)=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict" + (isSecure(request) ? "; Secure" : "")
  }

  private static func isSecure(_ request: Request) -> Bool {
    forwardedProtocol.flatMap { request.headers[$0] }?.lowercased() == "https"
  }
}
