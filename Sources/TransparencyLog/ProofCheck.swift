/// Verifies proofs, trusting nothing but two roots.
public enum ProofCheck {
  /// RFC 9162, section 2.1.3.2.
  public static func inclusion(
    of leafHash: TreeHash, at index: UInt64, size: UInt64, proof: [TreeHash], root: TreeHash
  ) -> Bool {
    guard index < size else { return false }
    var first = index
    var last = size - 1
    var hash = leafHash
    for sibling in proof {
      guard last > 0 else { return false }
      if first & 1 == 1 || first == last {
        hash = Merkle.nodeHash(sibling, hash)
        while first & 1 == 0, first != 0 {
          first >>= 1
          last >>= 1
        }
      } else {
        hash = Merkle.nodeHash(hash, sibling)
      }
      first >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }

  /// RFC 9162, section 2.1.4.2: the tree of `newSize` begins with the tree of `oldSize`.
  public static func consistency(
    oldSize: UInt64, oldRoot: TreeHash, newSize: UInt64, newRoot: TreeHash, proof: [TreeHash]
  ) -> Bool {
    guard oldSize <= newSize else { return false }
    if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
    if oldSize == 0 { return proof.isEmpty && oldRoot == Merkle.emptyRoot }
    var path = proof[...]
    if oldSize & (oldSize - 1) == 0 { path = [oldRoot] + path }
    guard let seed = path.popFirst() else { return false }
    var first = oldSize - 1
    var last = newSize - 1
    while first & 1 == 1 {
      first >>= 1
      last >>= 1
    }
    var oldHash = seed
    var newHash = seed
    for sibling in path {
      guard last > 0 else { return false }
      if first & 1 == 1 || first == last {
        oldHash = Merkle.nodeHash(sibling, oldHash)
        newHash = Merkle.nodeHash(sibling, newHash)
        while first & 1 == 0, first != 0 {
          first >>= 1
          last >>= 1
        }
      } else {
        newHash = Merkle.nodeHash(newHash, sibling)
      }
      first >>= 1
      last >>= 1
    }
    return last == 0 && oldHash == oldRoot && newHash == newRoot
  }
}
