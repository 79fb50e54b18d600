/// The first event of every journal: who runs this installation.
public struct InstallationFounded: TypedEvent {
  public static var type: EventType { .installationFounded }
  public let installation: ID<Installation>
  public let agency: ID<Agency>
  public let owner: ID<User>
  public let agencyName: String?

  public init(installation: ID<Installation>, agency: ID<Agency>, owner: ID<User>, agencyName: String?) {
    self.installation = installation
    self.agency = agency
    self.owner = owner
    self.agencyName = agencyName
  }

  public var subject: Identifier { installation.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("agency")
    json.identifier(agency.identifier)
    json.key("owner")
    json.identifier(owner.identifier)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    guard let agencyName else { return }
    json.key("agency_name")
    json.string(agencyName)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    installation = ID(subject)
    agency = ID(try facts.identifier("agency"))
    owner = ID(try facts.identifier("owner"))
    agencyName = try personal?.optionalText("agency_name")
  }
}

/// A unit takes part from now on.
public struct AgencyAdded: TypedEvent {
  public static var type: EventType { .agencyAdded }
  public let agency: ID<Agency>
  /// Keyed digest of the name: no two agencies share one.
  public let nameDigest: [UInt8]
  public let name: String?

  public init(agency: ID<Agency>, nameDigest: [UInt8], name: String?) {
    self.agency = agency
    self.nameDigest = nameDigest
    self.name = name
  }

  public var subject: Identifier { agency.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("name_digest")
    json.hex(nameDigest)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    guard let name else { return }
    json.key("name")
    json.string(name)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    agency = ID(subject)
    nameDigest = try facts.bytes(hex: "name_digest")
    name = try personal?.optionalText("name")
  }
}

/// A person may act from now on.
public struct UserAdded: TypedEvent {
  public static var type: EventType { .userAdded }
  public let user: ID<User>
  public let agency: ID<Agency>
  /// Keyed digest of the sign-in name: no two users share one.
  public let nameDigest: [UInt8]
  public let roles: [Role]
  public let name: String?

  public init(user: ID<User>, agency: ID<Agency>, nameDigest: [UInt8], roles: Set<Role>, name: String?) {
    self.user = user
    self.agency = agency
    self.nameDigest = nameDigest
    self.roles = roles.sorted()
    self.name = name
  }

  public var subject: Identifier { user.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("agency")
    json.identifier(agency.identifier)
    json.key("name_digest")
    json.hex(nameDigest)
    json.key("roles")
    json.roles(roles)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    guard let name else { return }
    json.key("name")
    json.string(name)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    user = ID(subject)
    agency = ID(try facts.identifier("agency"))
    nameDigest = try facts.bytes(hex: "name_digest")
    roles = try facts.roles("roles")
    name = try personal?.optionalText("name")
  }
}

/// A user's roles are these from now on.
public struct RolesChanged: TypedEvent {
  public static var type: EventType { .rolesChanged }
  public let user: ID<User>
  public let roles: [Role]

  public init(user: ID<User>, roles: Set<Role>) {
    self.user = user
    self.roles = roles.sorted()
  }

  public var subject: Identifier { user.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("roles")
    json.roles(roles)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    user = ID(subject)
    roles = try facts.roles("roles")
  }
}

/// A user's password changed; the verifier itself is kept apart, its digest here shows when it was altered.
public struct PasswordSet: TypedEvent {
  public static var type: EventType { .passwordSet }
  public let user: ID<User>
  /// SHA-256 of the stored scrypt verifier, salt included.
  public let verifierDigest: [UInt8]

  public init(user: ID<User>, verifierDigest: [UInt8]) {
    self.user = user
    self.verifierDigest = verifierDigest
  }

  public var subject: Identifier { user.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("verifier_digest")
    json.hex(verifierDigest)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    user = ID(subject)
    verifierDigest = try facts.bytes(hex: "verifier_digest")
  }
}

extension JSONWriter {
  fileprivate mutating func roles(_ roles: [Role]) {
    array { json in
      for role in roles { json.string(role.rawValue) }
    }
  }
}

extension JSONObject {
  /// Roles that this program does not know are refused: a right is never dropped in silence.
  fileprivate func roles(_ key: String) throws(JSONFault) -> [Role] {
    var roles: [Role] = []
    for name in try texts(key) {
      guard let role = Role(rawValue: name) else { throw .wrongType(key) }
      roles.append(role)
    }
    return roles
  }
}
