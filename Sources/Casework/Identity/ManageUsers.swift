import Crypto
public import Domain
import Storage

extension Desk {
  /// Adds a unit.
  public func addAgency(_ name: String, as caller: Caller) async throws -> ID<Agency> {
    try caller.require(.manageUsers)
    let name = try Self.checked(name, "agency")
    let event = AgencyAdded(agency: makeID(), nameDigest: keys.digests.name(name, purpose: .agency), name: name)
    return try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.manageUsers, in: tx.reading, at: tx.now)
      guard try tx.reading.agency(nameDigest: event.nameDigest) == nil else { throw Refusal.taken("the agency name") }
      try tx.record(event)
      return event.agency
    }
  }

  /// Adds a user to an agency, by default the caller's own, with a password where one is given.
  public func addUser(
    _ name: String, roles: Set<Role>, agencyName: String?, password: String?, as caller: Caller
  ) async throws -> User {
    try caller.require(.manageUsers)
    let name = try Self.checked(name, "user")
    guard !roles.isEmpty else { throw Refusal.invalid("a user needs at least one role") }
    let verifier = try await verifier(for: password)
    let user: ID<User> = makeID()
    let nameDigest = keys.digests.name(name, purpose: .user)
    let agencyDigest = agencyName.map { keys.digests.name($0, purpose: .agency) }
    return try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.manageUsers, in: tx.reading, at: tx.now)
      guard try tx.reading.user(nameDigest: nameDigest) == nil else { throw Refusal.taken("the user name") }
      let agency = try Self.agency(agencyDigest, of: caller, in: tx.reading)
      try tx.record(UserAdded(user: user, agency: agency, nameDigest: nameDigest, roles: roles, name: name))
      if let verifier { try Self.set(verifier, of: user, in: tx) }
      return User(id: user, agency: agency, name: name, roles: roles, isOwner: false)
    }
  }

  public func setRoles(_ roles: Set<Role>, of name: String, as caller: Caller) async throws {
    try caller.require(.manageUsers)
    let nameDigest = keys.digests.name(name, purpose: .user)
    try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.manageUsers, in: tx.reading, at: tx.now)
      guard let user = try tx.reading.user(nameDigest: nameDigest) else { throw Refusal.notFound("such user") }
      try tx.record(RolesChanged(user: user.id, roles: roles))
    }
  }

  public func setPassword(_ password: String, of name: String, as caller: Caller) async throws {
    try caller.require(.manageUsers)
    let verifier = try await verifier(for: password)
    let nameDigest = keys.digests.name(name, purpose: .user)
    try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.manageUsers, in: tx.reading, at: tx.now)
      guard let user = try tx.reading.user(nameDigest: nameDigest) else { throw Refusal.notFound("such user") }
      if let verifier { try Self.set(verifier, of: user.id, in: tx) }
    }
  }

  public func users(as caller: Caller) async throws -> [User] {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.manageUsers, in: tx, at: now)
      return try tx.users()
    }
  }

  public func agencies(as caller: Caller) async throws -> [Agency] {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.manageUsers, in: tx, at: now)
      return try tx.agencies()
    }
  }

  private static func set(_ verifier: String, of user: ID<User>, in tx: WriteTransaction) throws {
    try tx.record(PasswordSet(user: user, verifierDigest: Array(SHA256.hash(data: Array(verifier.utf8)))))
    try tx.keepPasswordVerifier(verifier, of: user)
  }

  private func verifier(for password: String?) async throws -> String? {
    guard let password else { return nil }
    guard password.count >= PasswordHashing.shortestPassword else {
      throw Refusal.invalid("a password needs at least \(PasswordHashing.shortestPassword) characters")
    }
    return try await passwords.makeVerifier(for: password, random: random)
  }

  private static func agency(
    _ nameDigest: [UInt8]?, of caller: Caller, in tx: ReadTransaction
  ) throws -> ID<Agency> {
    guard let nameDigest else { return caller.user.agency }
    guard let agency = try tx.agency(nameDigest: nameDigest) else {
      throw Refusal.notFound("such agency: add it with `cordon agency add NAME`")
    }
    return agency.id
  }

  static func checked(_ name: String, _ what: String) throws -> String {
    let name = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !name.isEmpty, name.utf8.count <= 200, !name.unicodeScalars.contains(where: { $0.value < 32 }) else {
      throw Refusal.invalid("the \(what)'s name must have 1 to 200 bytes and no control characters")
    }
    return name
  }
}
