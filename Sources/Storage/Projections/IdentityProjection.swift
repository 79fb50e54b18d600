import Domain

/// Who may act: agencies, users, tokens, sessions, and what was answered to whom.
extension Projector {
  func project(_ event: InstallationFounded, _ header: EventHeader) throws {
    try connection.submit(
      "INSERT INTO installations (row, id, owner) VALUES (?, ?, ?)",
      [.integer(header.index), .identifier(event.installation.identifier), .identifier(event.owner.identifier)])
    try connection.submit(
      "INSERT INTO agencies (row, id, name_digest, name) VALUES (?, ?, NULL, ?)",
      [.integer(header.index), .identifier(event.agency.identifier), .optional(event.agencyName)])
    try connection.submit(
      """
      INSERT INTO users (row, id, agency, name_digest, name, roles, is_owner, verifier_digest)
      VALUES (?, ?, ?, NULL, NULL, ?, 1, NULL)
      """,
      [
        .integer(header.index), .identifier(event.owner.identifier), .integer(header.index),
        .text(RoleList.text(Role.staff)),
      ])
  }

  func project(_ event: AgencyAdded, _ header: EventHeader) throws {
    try connection.submit(
      "INSERT INTO agencies (row, id, name_digest, name) VALUES (?, ?, ?, ?)",
      [
        .integer(header.index), .identifier(event.agency.identifier), .blob(event.nameDigest), .optional(event.name),
      ])
  }

  func project(_ event: UserAdded, _ header: EventHeader, agency: Int64) throws {
    try connection.submit(
      """
      INSERT INTO users (row, id, agency, name_digest, name, roles, is_owner, verifier_digest)
      VALUES (?, ?, ?, ?, ?, ?, 0, NULL)
      """,
      [
        .integer(header.index), .identifier(event.user.identifier), .integer(agency), .blob(event.nameDigest),
        .optional(event.name), .text(RoleList.text(event.roles)),
      ])
  }

  func project(_ event: RolesChanged) throws {
    try connection.submit(
      "UPDATE users SET roles = ? WHERE id = ?",
      [.text(RoleList.text(event.roles)), .identifier(event.user.identifier)])
  }

  func project(_ event: PasswordSet) throws {
    try connection.submit(
      "UPDATE users SET verifier_digest = ? WHERE id = ?",
      [.blob(event.verifierDigest), .identifier(event.user.identifier)])
  }

  func project(_ event: TokenCreated, _ header: EventHeader, user: Int64) throws {
    try connection.submit(
      """
      INSERT INTO tokens (row, id, user_row, digest, label, created_at, expires_at, revoked_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, NULL)
      """,
      [
        .integer(header.index), .identifier(event.token.identifier), .integer(user), .blob(event.digest),
        .optional(event.label), .instant(header.at), .optional(event.expiresAt?.microseconds),
      ])
  }

  func project(_ event: TokenRevoked, _ header: EventHeader) throws {
    try connection.submit(
      "UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
      [.instant(header.at), .identifier(event.token.identifier)])
  }

  func project(_ event: SessionOpened, _ header: EventHeader, user: Int64) throws {
    try connection.submit(
      "INSERT INTO sessions (row, id, user_row, digest, expires_at, closed_at) VALUES (?, ?, ?, ?, ?, NULL)",
      [
        .integer(header.index), .identifier(event.session.identifier), .integer(user), .blob(event.digest),
        .instant(event.expiresAt),
      ])
  }

  func project(_ event: SessionClosed, _ header: EventHeader) throws {
    try connection.submit(
      "UPDATE sessions SET closed_at = ? WHERE id = ? AND closed_at IS NULL",
      [.instant(header.at), .identifier(event.session.identifier)])
  }

  func project(_ event: RequestAnswered, _ header: EventHeader, caller: Int64) throws {
    try connection.submit(
      "INSERT INTO requests (row, caller, key_digest, body_digest, status, reply) VALUES (?, ?, ?, ?, ?, ?)",
      [
        .integer(header.index), .integer(caller), .blob(event.keyDigest), .blob(event.bodyDigest),
        .integer(Int64(event.status)), .text(event.reply),
      ])
  }
}

/// Roles in one column: sorted names with a space between.
enum RoleList {
  static func text(_ roles: some Sequence<Role>) -> String {
    roles.sorted().map(\.rawValue).joined(separator: " ")
  }

  static func roles(_ text: String) throws -> Set<Role> {
    var roles: Set<Role> = []
    for name in text.split(separator: " ") {
      guard let role = Role(rawValue: String(name)) else { throw StorageError.damaged("unknown role \(name)") }
      roles.insert(role)
    }
    return roles
  }
}
