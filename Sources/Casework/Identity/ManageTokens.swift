public import Domain
public import Storage

extension Desk {
  /// A new token of a user; the secret is told this once and is not on record.
  public func createToken(
    for name: String, label: String?, expiresAt: Instant?, as caller: Caller
  ) async throws -> (id: ID<AccessToken>, secret: String) {
    try caller.require(.manageUsers)
    let secret = BearerSecret.make(.token, random: random)
    let token: ID<AccessToken> = makeID()
    let nameDigest = keys.digests.name(name, purpose: .user)
    return try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.manageUsers, in: tx.reading, at: tx.now)
      guard let user = try tx.reading.user(nameDigest: nameDigest) else {
        throw Refusal.notFound("user of this name: add one with `cordon user add NAME --role analyst`")
      }
      try tx.record(
        TokenCreated(
          token: token, user: user.id, digest: BearerSecret.digest(of: secret), expiresAt: expiresAt, label: label))
      return (token, secret)
    }
  }

  /// The token stops working at once.
  public func revokeToken(_ id: ID<AccessToken>, as caller: Caller) async throws {
    try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.manageUsers, in: tx.reading, at: tx.now)
      guard let token = try tx.reading.tokens().first(where: { $0.id == id }) else {
        throw Refusal.notFound("such token")
      }
      // Revoking twice is no error, and the journal needs to know of it once.
      if token.revokedAt == nil { try tx.record(TokenRevoked(token: id)) }
    }
  }

  public func tokens(as caller: Caller) async throws -> [TokenRecord] {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.manageUsers, in: tx, at: now)
      return try tx.tokens()
    }
  }
}
