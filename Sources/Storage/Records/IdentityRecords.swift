public import Domain

extension ReadTransaction {
  /// The user that owns this installation's database file; nil before the founding.
  public func owner() throws -> User? {
    try connection.first("\(Self.userSelect) WHERE users.is_owner = 1", [], Self.user)
  }

  public func installation() throws -> ID<Installation>? {
    try connection.first("SELECT id FROM installations", []) { ID(try $0.identifier(0)) }
  }

  public func user(_ id: ID<User>) throws -> User? {
    try connection.first("\(Self.userSelect) WHERE users.id = ?", [.identifier(id.identifier)], Self.user)
  }

  /// The user with this sign-in name, by the name's keyed digest.
  public func user(nameDigest: [UInt8]) throws -> User? {
    try connection.first("\(Self.userSelect) WHERE users.name_digest = ?", [.blob(nameDigest)], Self.user)
  }

  public func users() throws -> [User] {
    try connection.rows("\(Self.userSelect) ORDER BY users.row", [], Self.user)
  }

  public func agencies() throws -> [Agency] {
    try connection.rows("SELECT id, name FROM agencies ORDER BY row") { row in
      Agency(id: ID(try row.identifier(0)), name: row.optionalText(1))
    }
  }

  public func agency(nameDigest: [UInt8]) throws -> Agency? {
    try connection.first("SELECT id, name FROM agencies WHERE name_digest = ?", [.blob(nameDigest)]) { row in
      Agency(id: ID(try row.identifier(0)), name: row.optionalText(1))
    }
  }

  /// Whose token this is; nil when it is unknown, expired or revoked.
  public func user(tokenDigest: [UInt8], at instant: Instant) throws -> User? {
    try connection.first(
      """
      \(Self.userSelect) JOIN tokens ON tokens.user_row = users.row
      WHERE tokens.digest = ? AND tokens.revoked_at IS NULL AND (tokens.expires_at IS NULL OR tokens.expires_at > ?)
      """, [.blob(tokenDigest), .instant(instant)], Self.user)
  }

  /// Whose session this is; nil when it is unknown, expired or closed.
  public func session(digest: [UInt8], at instant: Instant) throws -> (user: User, session: ID<Session>)? {
    try connection.first(
      """
      SELECT users.id, agencies.id, users.name, users.roles, users.is_owner, sessions.id
      FROM users JOIN agencies ON agencies.row = users.agency JOIN sessions ON sessions.user_row = users.row
      WHERE sessions.digest = ? AND sessions.closed_at IS NULL AND sessions.expires_at > ?
      """, [.blob(digest), .instant(instant)]
    ) { row in (try Self.user(row), ID(try row.identifier(5))) }
  }

  /// The stored scrypt verifier of a user.
  public func passwordVerifier(of user: ID<User>) throws -> String? {
    try connection.first(
      """
      SELECT verifier FROM password_verifiers JOIN users ON users.row = password_verifiers.user_row
      WHERE users.id = ?
      """, [.identifier(user.identifier)]
    ) { $0.text(0) }
  }

  /// What was answered to this caller under this key.
  public func answer(to caller: ID<User>, keyDigest: [UInt8]) throws -> (
    bodyDigest: [UInt8], status: Int, reply: String
  )? {
    try connection.first(
      """
      SELECT body_digest, status, reply FROM requests JOIN users ON users.row = requests.caller
      WHERE users.id = ? AND key_digest = ?
      """, [.identifier(caller.identifier), .blob(keyDigest)]
    ) { row in (row.blob(0), Int(row.integer(1)), row.text(2)) }
  }

  /// Every token, newest last; the secrets are not on record.
  public func tokens() throws -> [TokenRecord] {
    try connection.rows(
      """
      SELECT tokens.id, users.id, tokens.label, tokens.created_at, tokens.expires_at, tokens.revoked_at
      FROM tokens JOIN users ON users.row = tokens.user_row ORDER BY tokens.row
      """
    ) { row in
      TokenRecord(
        id: ID(try row.identifier(0)), user: ID(try row.identifier(1)), label: row.optionalText(2),
        createdAt: row.instant(3), expiresAt: row.isNull(4) ? nil : row.instant(4),
        revokedAt: row.isNull(5) ? nil : row.instant(5))
    }
  }

  private static let userSelect = """
    SELECT users.id, agencies.id, users.name, users.roles, users.is_owner
    FROM users JOIN agencies ON agencies.row = users.agency
    """

  private static func user(_ row: any Row) throws -> User {
    User(
      id: ID(try row.identifier(0)), agency: ID(try row.identifier(1)), name: row.optionalText(2),
      roles: try RoleList.roles(row.text(3)), isOwner: row.integer(4) == 1)
  }
}

/// A token without its secret.
public struct TokenRecord: Sendable, Hashable {
  public let id: ID<AccessToken>
  public let user: ID<User>
  public let label: String?
  public let createdAt: Instant
  public let expiresAt: Instant?
  public let revokedAt: Instant?
}

extension WriteTransaction {
  /// Everything that can be read, as this transaction sees it.
  public var reading: ReadTransaction { ReadTransaction(connection: connection, keys: keys) }

  /// Keeps a password verifier beside the record; ``PasswordSet`` carries its digest.
  public func keepPasswordVerifier(_ verifier: String, of user: ID<User>) throws {
    try connection.execute(
      """
      INSERT INTO password_verifiers (user_row, verifier) SELECT row, ? FROM users WHERE id = ?
      ON CONFLICT (user_row) DO UPDATE SET verifier = excluded.verifier
      """, [.text(verifier), .identifier(user.identifier)])
  }
}
