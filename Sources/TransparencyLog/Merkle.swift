import Crypto

/// The hashing of RFC 9162, section 2.1.1, with SHA-256.
///
/// The two prefixes keep a leaf from being passed off as a node.
public enum Merkle {
  /// The hash of the empty tree: SHA-256 of nothing.
  public static let emptyRoot = TreeHash(SHA256.hash(data: [UInt8]()))

  public static func leafHash(_ leaf: UnsafeRawBufferPointer) -> TreeHash {
    var hasher = SHA256()
    withUnsafeBytes(of: UInt8(0)) { hasher.update(bufferPointer: $0) }
    hasher.update(bufferPointer: leaf)
    return TreeHash(hasher.finalize())
  }

  public static func leafHash(_ leaf: [UInt8]) -> TreeHash { leaf.withUnsafeBytes { leafHash($0) } }

  public static func nodeHash(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
    withUnsafeTemporaryAllocation(byteCount: 1 + 2 * TreeHash.length, alignment: 8) { buffer in
      buffer[0] = 1
      left.withBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[1..<33]).copyMemory(from: $0) }
      right.withBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[33..<65]).copyMemory(from: $0) }
      var hasher = SHA256()
      hasher.update(bufferPointer: UnsafeRawBufferPointer(buffer))
      return TreeHash(hasher.finalize())
    }
  }
}
