public import Domain
import Storage

extension Desk {
  /// How long a session lasts without signing in again: a shift.
  public static let sessionSeconds: Int64 = 12 * 3_600

  /// Opens a session; throws ``Refusal/notSignedIn`` alike for an unknown name and a wrong password.
  public func signIn(name: String, password: String) async throws -> (secret: String, expiresAt: Instant) {
    let nameDigest = keys.digests.name(name, purpose: .user)
    let found = try await store.read { tx in
      try tx.user(nameDigest: nameDigest).map { ($0, try tx.passwordVerifier(of: $0.id)) }
    }
    let fits = try await passwords.verify(password, against: found?.1)
    guard fits, let user = found?.0 else { throw Refusal.notSignedIn }
    let secret = BearerSecret.make(.session, random: random)
    let session: ID<Session> = makeID()
    return try await store.write(as: user.id) { tx in
      let expiresAt = tx.now.adding(seconds: sessionSeconds)
      try tx.record(
        SessionOpened(session: session, user: user.id, digest: BearerSecret.digest(of: secret), expiresAt: expiresAt))
      return (secret, expiresAt)
    }
  }

  /// Closes the caller's session; a token is not a session and stays.
  public func signOut(_ caller: Caller) async throws {
    guard case .session(_, let session) = caller.credential else {
      throw Refusal.invalid("you did not sign in with a session: revoke a token with `cordon token revoke ID`")
    }
    try await store.write(as: caller.user.id) { tx in
      _ = try caller.current(in: tx.reading, at: tx.now)
      try tx.record(SessionClosed(session: session))
    }
  }
}
