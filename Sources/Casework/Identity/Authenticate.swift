import Crypto
public import Domain
import Storage

extension Desk {
  /// The installation's owner, for who opened the database file itself.
  public func owner() async throws -> Caller {
    guard let owner = try await store.read({ try $0.owner() }) else {
      throw Refusal.notFound("owner: the database is empty")
    }
    return Caller(user: owner, credential: .owner)
  }

  /// The caller as the record has them now; throws where the credential does not hold any more.
  public func currentUser(_ caller: Caller) async throws -> User {
    try await store.read { [now = clock.now()] tx in try caller.current(in: tx, at: now) }
  }

  /// Whoever holds this token or session; throws ``Refusal/notSignedIn``.
  public func authenticate(_ secret: String) async throws -> Caller {
    let now = clock.now()
    guard let kind = BearerSecret.Kind(of: secret) else { throw Refusal.notSignedIn }
    let digest = BearerSecret.digest(of: secret)
    return try await store.read { tx in
      switch kind {
      case .token:
        if let user = try tx.user(tokenDigest: digest, at: now) {
          return Caller(user: user, credential: .token(digest))
        }
      case .session:
        if let found = try tx.session(digest: digest, at: now) {
          return Caller(user: found.user, credential: .session(digest, found.session))
        }
      }
      throw Refusal.notSignedIn
    }
  }
}

/// A secret that is shown to be let in: 256 random bits after a word that says what it is.
///
/// With so much randomness a plain digest is enough; only passwords need a slow one.
enum BearerSecret {
  enum Kind: String, CaseIterable {
    case token = "cordon_token_"
    case session = "cordon_session_"

    init?(of secret: String) {
      guard let kind = Self.allCases.first(where: { secret.hasPrefix($0.rawValue) }) else { return nil }
      self = kind
    }
  }

  static func make(_ kind: Kind, random: any RandomSource) -> String {
    let words = [random.words(), random.words()].flatMap { [$0.0, $0.1] }
    return kind.rawValue + words.map { Hex.encode(withUnsafeBytes(of: $0.bigEndian) { Array($0) }) }.joined()
  }

  static func digest(of secret: String) -> [UInt8] { Array(SHA256.hash(data: Array(secret.utf8))) }
}
