/// A unit that takes part: a national referral unit, a competent authority, the coordinating agency.
public struct Agency: Sendable, Hashable {
  public let id: ID<Agency>
  public let name: String?

  public init(id: ID<Agency>, name: String?) {
    self.id = id
    self.name = name
  }
}

/// A person who acts on the record, or the installation's owner who works on the database file itself.
public struct User: Sendable, Hashable {
  public let id: ID<User>
  public let agency: ID<Agency>
  public let name: String?
  public let roles: Set<Role>
  /// Whether this is the installation's owner: whoever may open the database file directly.
  public let isOwner: Bool

  public init(id: ID<User>, agency: ID<Agency>, name: String?, roles: Set<Role>, isOwner: Bool) {
    self.id = id
    self.agency = agency
    self.name = name
    self.roles = roles
    self.isOwner = isOwner
  }
}

/// A secret that lets a program act as a user; only its digest is on record.
public enum AccessToken {}

/// A signed-in person's stay; only the digest of its secret is on record.
public enum Session {}

/// This database and the organisation that runs it.
public enum Installation {}
