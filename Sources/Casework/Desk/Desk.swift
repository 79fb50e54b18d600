public import Domain
public import Locators
public import Storage

/// Everything that a use case needs: the record, the installation's keys, provider packs, clock and randomness.
///
/// Each use case is an extension in a file of its own, named after what it does.
public struct Desk: Sendable {
  public let store: Store
  public let keys: InstallationKeys
  public let locators: Canonicalizer
  public let clock: any Clock
  public let random: any RandomSource
  public let blobs: any BlobStore
  /// How long a session lasts: a shift, unless an exercise's virtual time says otherwise.
  public let sessionSeconds: Int64
  let links: LinkFinder
  let passwords = PasswordHashing()

  public init(
    store: Store, keys: InstallationKeys, locators: Canonicalizer, blobs: any BlobStore, clock: any Clock,
    random: any RandomSource, sessionSeconds: Int64 = Desk.sessionSeconds
  ) {
    self.store = store
    self.keys = keys
    self.locators = locators
    links = LinkFinder(packs: locators.packs)
    self.blobs = blobs
    self.sessionSeconds = sessionSeconds
    self.clock = clock
    self.random = random
  }

  func makeID<Subject>(_ type: Subject.Type = Subject.self) -> ID<Subject> {
    ID(Identifier(at: clock.now(), random: random.words()))
  }
}

/// Why a use case did not do what it was asked; nothing was changed.
public enum Refusal: Error, Sendable, Hashable {
  /// No identity, or one that is unknown, expired or revoked.
  case notSignedIn
  case notPermitted(Permission)
  /// There is none, or none that the caller may see.
  case notFound(String)
  /// The name is taken.
  case taken(String)
  case invalid(String)
  /// Another body was sent under this idempotency key.
  case keyReused
  /// The second person of a decision is never the first one.
  case samePerson
  /// The form shows something that has changed since.
  case stale(String)
  /// Something else has to happen first, or has happened already.
  case notNow(String)
}

extension Refusal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notSignedIn: "the token or session is unknown, expired or revoked: ask an administrator for a new one"
    case .notPermitted(let permission):
      "none of your roles may \(permission.sentence): ask an administrator for one of \(permission.holders)"
    case .notFound(let what): "there is no \(what)"
    case .taken(let what): "\(what) is taken already: choose another"
    case .invalid(let what): what
    case .keyReused: "this idempotency key was used for another request: take a new key for each request"
    case .samePerson: "you made this assessment yourself: somebody else has to confirm it"
    case .stale(let what): "\(what) has changed since you saw it: load it again"
    case .notNow(let why): why
    }
  }
}
