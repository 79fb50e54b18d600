public import Domain
public import Storage

/// Somebody who has shown who they are.
public struct Caller: Sendable {
  public let user: User
  public let credential: Credential

  /// By what they showed it.
  public enum Credential: Sendable, Hashable {
    /// They opened the database file itself.
    case owner
    /// A token's digest.
    case token([UInt8])
    case session([UInt8], ID<Session>)
  }

  public var viewer: Viewer { Viewer(user: user.id, agency: user.agency) }

  public func permits(_ permission: Permission) -> Bool { !user.roles.isDisjoint(with: permission.roles) }

  func require(_ permission: Permission) throws(Refusal) {
    guard permits(permission) else { throw .notPermitted(permission) }
  }

  /// Throws unless the caller may, as the transaction sees them: a revocation that came in between counts.
  func confirm(_ permission: Permission, in tx: ReadTransaction, at instant: Instant) throws {
    let user = try current(in: tx, at: instant)
    guard !user.roles.isDisjoint(with: permission.roles) else { throw Refusal.notPermitted(permission) }
  }

  /// The user behind the credential; throws ``Refusal/notSignedIn`` where it does not hold any more.
  func current(in tx: ReadTransaction, at instant: Instant) throws -> User {
    let found =
      switch credential {
      case .owner: try tx.user(user.id)
      case .token(let digest): try tx.user(tokenDigest: digest, at: instant)
      case .session(let digest, _): try tx.session(digest: digest, at: instant)?.user
      }
    guard let found, found.id == user.id else { throw Refusal.notSignedIn }
    return found
  }
}
