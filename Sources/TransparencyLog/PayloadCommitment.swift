import Crypto

/// A salted digest that stands in a leaf for a payload: SHA-256(salt ‖ payload), the salt being 16 random bytes.
///
/// The fixed length of the salt makes the division unambiguous. Once payload and salt are gone the
/// commitment tells nothing of what it committed to, and the leaf's hash still holds.
public enum PayloadCommitment {
  public static let saltLength = 16

  public static func commit(salt: [UInt8], payload: [UInt8]) -> TreeHash {
    salt.withUnsafeBytes { salt in payload.withUnsafeBytes { commit(salt: salt, payload: $0) } }
  }

  public static func commit(salt: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer) -> TreeHash {
    var hasher = SHA256()
    hasher.update(bufferPointer: salt)
    hasher.update(bufferPointer: payload)
    return hasher.finalize().withUnsafeBytes { TreeHash(unsafeBytes: $0) }
  }
}
