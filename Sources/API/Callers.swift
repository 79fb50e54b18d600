import Casework
import Crypto
import HTTPTypes
import Hummingbird
import Synchronization

/// Who asks, by the bearer token of a request.
///
/// Remembering a caller is safe: every use case asks the record again, in its own transaction, whether
/// the token still holds. What is remembered saves a look-up before it, and is forgotten at the first refusal.
final class Callers: Sendable {
  private static let mostRemembered = 4_096

  private let desk: Desk
  private let remembered = Mutex<[[UInt8]: Caller]>([:])

  init(desk: Desk) { self.desk = desk }

  func with<T: Sendable>(_ request: Request, _ body: (Caller) async throws -> T) async throws -> T {
    guard let secret = Self.bearer(of: request) else { throw Refusal.notSignedIn }
    let digest = Array(SHA256.hash(data: Array(secret.utf8)))
    if let caller = remembered.withLock({ $0[digest] }) {
      do {
        return try await body(caller)
      } catch let refusal as Refusal where refusal.isAboutIdentity {
        // Roles may have been given or taken since: once more with what the record says now.
        remembered.withLock { _ = $0.removeValue(forKey: digest) }
      }
    }
    let caller = try await desk.authenticate(secret)
    remembered.withLock { callers in
      if callers.count >= Self.mostRemembered { callers.removeAll() }
      callers[digest] = caller
    }
    return try await body(caller)
  }

  private static func bearer(of request: Request) -> String? {
    guard let value = request.headers[.authorization] else { return nil }
    let parts = value.split(separator: " ")
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return String(parts[1])
  }
}

extension Refusal {
  fileprivate var isAboutIdentity: Bool {
    switch self {
    case .notSignedIn, .notPermitted: true
    case .notFound, .taken, .invalid, .keyReused, .samePerson, .stale, .notNow: false
    }
  }
}
