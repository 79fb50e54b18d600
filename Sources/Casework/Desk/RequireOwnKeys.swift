import Domain
import Locators
public import Storage
import TransparencyLog

extension Desk {
  /// Throws ``KeysFault`` where the record was made with other keys than this desk's.
  public func requireOwnKeys() async throws {
    try keys.requireMade(try await store.read { try $0.keySample() })
  }
}

extension InstallationKeys {
  /// Throws ``KeysFault`` where a record was made with other keys than these.
  ///
  /// With the wrong locator key nothing would be recognised as known; with the wrong signing key
  /// checkpoints would be those of another journal.
  public func requireMade(_ sample: KeySample) throws {
    if let installation = sample.installation, installation.isDerived {
      guard installation == digests.installation.identifier else { throw KeysFault.locatorKey }
    }
    // Older records have an installation's identifier that was drawn; their providers' are derived.
    if let provider = sample.provider, let reference = Self.reference(pack: provider.pack, name: provider.name) {
      guard provider.id == digests.provider(reference).identifier else { throw KeysFault.locatorKey }
    }
    guard let text = sample.checkpoint, let note = try? SignedNote(parsing: text) else { return }
    do { try journal.verifier.verify(note) } catch .notSigned {
      throw KeysFault.journalKey
    } catch {
      // Changed behind the record's back: that is for a verification to tell.
    }
  }

  private static func reference(pack: String?, name: String?) -> ProviderReference? {
    if let pack { return .pack(pack) }
    return name.map { .domain($0) }
  }
}

/// The keys belong to another record.
public enum KeysFault: Error, Sendable, Hashable {
  case locatorKey
  case journalKey
}

extension KeysFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .locatorKey: "the locator key is not the one that this record was made with"
    case .journalKey: "the journal's signing key is not the one that signed this record's checkpoints"
    }
  }
}

extension Identifier {
  /// Whether it is of version 8, made from a digest.
  fileprivate var isDerived: Bool { high >> 12 & 0xF == 8 }
}
