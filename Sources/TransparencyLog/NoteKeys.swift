import Crypto

/// Signs notes with Ed25519 (C2SP signed-note, algorithm 1).
public struct NoteSigner: Sendable {
  public let name: String
  private let key: Curve25519.Signing.PrivateKey

  /// A new key. `name` is the log's origin: no spaces, no plus sign.
  public init(name: String) {
    self.name = name
    key = Curve25519.Signing.PrivateKey()
  }

  /// Reads the form that ``encoded`` gives.
  public init(encoded text: some StringProtocol) throws(NoteFault) {
    let parts = text.split(separator: "+", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] == "PRIVATE", parts[1] == "KEY", !parts[2].isEmpty,
      let bytes = Base64.decode(parts[4]), bytes.count == 33, bytes[0] == 1,
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes.dropFirst())
    else { throw .malformedKey }
    name = String(parts[2])
    self.key = key
    guard parts[3] == verifier.keyIDText else { throw .malformedKey }
  }

  /// The secret key as one line: `PRIVATE+KEY+name+id+key`.
  public var encoded: String {
    "PRIVATE+KEY+\(name)+\(verifier.keyIDText)+\(Base64.encode([1] + Array(key.rawRepresentation)))"
  }

  public var verifier: NoteVerifier { NoteVerifier(name: name, key: key.publicKey) }

  /// Signs `text`, which must end with a line feed.
  public func sign(_ text: String) throws -> SignedNote {
    let signature = try key.signature(for: Array(text.utf8))
    return SignedNote(
      text: text,
      signatures: [SignedNote.Signature(name: name, keyID: verifier.keyID, bytes: Array(signature))])
  }
}

/// Verifies notes of one Ed25519 key.
public struct NoteVerifier: Sendable {
  public let name: String
  /// The first four bytes of SHA-256(name ‖ LF ‖ 1 ‖ public key).
  public let keyID: UInt32
  private let key: Curve25519.Signing.PublicKey

  init(name: String, key: Curve25519.Signing.PublicKey) {
    self.name = name
    self.key = key
    let digest = SHA256.hash(data: Array(name.utf8) + [0x0A, 1] + Array(key.rawRepresentation))
    keyID = digest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
  }

  /// Reads a verifier key, `name+id+key`.
  public init(encoded text: some StringProtocol) throws(NoteFault) {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, let bytes = Base64.decode(parts[2]), bytes.count == 33, bytes[0] == 1,
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes.dropFirst())
    else { throw .malformedKey }
    self.init(name: String(parts[0]), key: key)
    guard parts[1] == keyIDText else { throw .malformedKey }
  }

  /// The public key as one line: `name+id+key`.
  public var encoded: String { "\(name)+\(keyIDText)+\(Base64.encode([1] + Array(key.rawRepresentation)))" }

  var keyIDText: String {
    let text = String(keyID, radix: 16)
    return String(repeating: "0", count: 8 - text.utf8.count) + text
  }

  /// Throws unless the note has this key's signature and it fits.
  public func verify(_ note: SignedNote) throws(NoteFault) {
    let candidates = note.signatures.filter { $0.name == name && $0.keyID == keyID }
    guard !candidates.isEmpty else { throw .notSigned(by: name) }
    let text = Array(note.text.utf8)
    guard candidates.contains(where: { key.isValidSignature($0.bytes, for: text) }) else {
      throw .badSignature(of: name)
    }
  }
}
