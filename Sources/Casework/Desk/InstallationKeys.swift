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
  private let key: SymmetricKey

  /// The key has 32 bytes.
  public init(key: SymmetricKey) { self.key = key }

  public func locator(_ canonical: [UInt8]) -> LocatorDigest {
    let words = words(of: canonical, purpose: "locator")
    return LocatorDigest(high: words.0, low: words.1)
  }

  /// A provider's name decides who it is, so that its identifier needs no look-up.
  public func provider(_ reference: ProviderReference) -> ID<Provider> {
    switch reference {
    case .pack(let name): ID(Identifier(derivedFrom: words(of: Array(name.utf8), purpose: "provider-pack")))
    case .domain(let domain): ID(Identifier(derivedFrom: words(of: Array(domain.utf8), purpose: "provider-domain")))
    }
  }

  /// Names are compared without regard to case and outer space.
  public func name(_ name: String, purpose: NamePurpose) -> [UInt8] {
    let folded = name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return digest(of: Array(folded.utf8), purpose: purpose.rawValue).withUnsafeBytes { Array($0) }
  }

  public enum NamePurpose: String, Sendable {
    case agency, user, operation
  }

  private func words(of bytes: [UInt8], purpose: String) -> (UInt64, UInt64) {
    digest(of: bytes, purpose: purpose).withUnsafeBytes { buffer in
      (
        UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
        UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      )
    }
  }

  private func digest(of bytes: [UInt8], purpose: String) -> HMAC<SHA256>.MAC {
    var mac = HMAC<SHA256>(key: key)
    // No purpose contains a zero byte, so that no two pairs run together.
    mac.update(data: Array(purpose.utf8) + [0])
    mac.update(data: bytes)
    return mac.finalize()
  }
}
