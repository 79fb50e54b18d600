public import Crypto
public import Domain
public import Locators
public import TransparencyLog

/// The secrets of one installation.
public struct InstallationKeys: Sendable {
  public let digests: KeyedDigests
  public let journal: NoteSigner

  public init(digests: KeyedDigests, journal: NoteSigner) {
    self.digests = digests
    self.journal = journal
  }
}

/// HMAC-SHA-256 under the installation's key, apart for each purpose.
///
/// Facts carry these instead of what they are made from: equal things are seen to be equal, and
/// without the key nothing can be guessed from them.
public struct KeyedDigests: Sendable {
  /// What is digested; no purpose contains a zero byte, so that no purpose and text run together.
  private enum Purpose: String, CaseIterable {
    case locator
    case providerPack = "provider-pack"
    case providerDomain = "provider-domain"
    case agency, user, operation, outlet
    case caseReference = "case-reference"
    case pageTitle = "page-title"
    case installation
  }

  public enum NamePurpose: Sendable {
    case agency, user, operation, outlet, caseReference, pageTitle
  }

  // Keyed and given its purpose once: an import digests millions of locators.
  private let locatorState: HMAC<SHA256>
  private let packState: HMAC<SHA256>
  private let domainState: HMAC<SHA256>
  private let key: SymmetricKey

  /// The key has 32 bytes.
  public init(key: SymmetricKey) {
    self.key = key
    locatorState = Self.state(key, .locator)
    packState = Self.state(key, .providerPack)
    domainState = Self.state(key, .providerDomain)
  }

  public func locator(_ canonical: [UInt8]) -> LocatorDigest {
    let words = Self.words(of: Self.digest(canonical, after: locatorState))
    return LocatorDigest(high: words.0, low: words.1)
  }

  /// A provider's name decides who it is, so that its identifier needs no look-up.
  public func provider(_ reference: ProviderReference) -> ID<Provider> {
    let digest =
      switch reference {
      case .pack(let name): Self.digest(Array(name.utf8), after: packState)
      case .domain(let domain): Self.digest(Array(domain.utf8), after: domainState)
      }
    return ID(Identifier(derivedFrom: Self.words(of: digest)))
  }

  /// The identifier of the installation that is founded with this key: by it a record knows its own key again.
  public var installation: ID<Installation> {
    ID(Identifier(derivedFrom: Self.words(of: Self.digest([], after: Self.state(key, .installation)))))
  }

  /// Names are compared without regard to case and outer space.
  public func name(_ name: String, purpose: NamePurpose) -> [UInt8] {
    let folded = name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let purpose: Purpose =
      switch purpose {
      case .agency: .agency
      case .user: .user
      case .operation: .operation
      case .outlet: .outlet
      case .caseReference: .caseReference
      case .pageTitle: .pageTitle
      }
    return Self.digest(Array(folded.utf8), after: Self.state(key, purpose)).withUnsafeBytes { Array($0) }
  }

  private static func state(_ key: SymmetricKey, _ purpose: Purpose) -> HMAC<SHA256> {
    var mac = HMAC<SHA256>(key: key)
    mac.update(data: Array(purpose.rawValue.utf8) + [0])
    return mac
  }

  private static func digest(_ bytes: [UInt8], after state: HMAC<SHA256>) -> HMAC<SHA256>.MAC {
    var mac = state
    mac.update(data: bytes)
    return mac.finalize()
  }

  private static func words(of digest: HMAC<SHA256>.MAC) -> (UInt64, UInt64) {
    digest.withUnsafeBytes { buffer in
      (
        UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
        UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      )
    }
  }
}
