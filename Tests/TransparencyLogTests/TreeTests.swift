import Crypto
import Testing
import TransparencyLog

/// The definitions of RFC 9162 written down directly, sharing nothing with the module but the leaf bytes.
private enum Reference {
  static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
    if leaves.isEmpty { return Array(SHA256.hash(data: [UInt8]())) }
    if leaves.count == 1 { return Array(SHA256.hash(data: [0] + leaves[leaves.startIndex])) }
    let (left, right) = halves(leaves)
    return Array(SHA256.hash(data: [1] + root(left) + root(right)))
  }

  static func path(_ index: Int, _ leaves: ArraySlice<[UInt8]>) -> [[UInt8]] {
    if leaves.count <= 1 { return [] }
    let (left, right) = halves(leaves)
    return index < left.count
      ? path(index, left) + [root(right)] : path(index - left.count, right) + [root(left)]
  }

  static func halves(_ leaves: ArraySlice<[UInt8]>) -> (ArraySlice<[UInt8]>, ArraySlice<[UInt8]>) {
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    return (leaves.prefix(split), leaves.dropFirst(split))
  }
}

private func leaves(_ count: Int) -> [[UInt8]] { (0..<count).map { Array("leaf \($0)".utf8) } }

/// An edge grown over `count` leaves, and all of its tiles.
private func grow(_ count: Int) -> (edge: TreeEdge, tiles: [TileCoordinate: [UInt8]]) {
  var edge = TreeEdge()
  for leaf in leaves(count) { edge.append(Merkle.leafHash(leaf)) }
  var tiles: [TileCoordinate: [UInt8]] = [:]
  for tile in edge.takeCompletedTiles() + edge.partialTiles { tiles[tile.coordinate] = tile.hashes }
  return (edge, tiles)
}

@Suite("The tree") struct TreeTests {
  @Test(
    "the root is RFC 9162's for every size up to 300 and around the tile borders",
    arguments: [0..<300, 511..<515, 767..<770])
  func roots(sizes: Range<Int>) {
    for size in sizes {
      let all = leaves(size)
      var edge = TreeEdge()
      edge.append(contentsOf: all.map { Merkle.leafHash($0) })
      #expect(edge.root.bytes == Reference.root(all[...]), "size \(size)")
    }
  }

  @Test("every inclusion proof is RFC 9162's and verifies; with one bit changed it does not")
  func inclusion() throws {
    for size in [1, 2, 3, 5, 8, 13, 64, 100, 255, 256, 257, 300] {
      let all = leaves(size)
      let (edge, tiles) = grow(size)
      var tree = TiledTree(size: UInt64(size)) { try #require(tiles[$0]) }
      #expect(try tree.root() == edge.root)
      for index in 0..<size {
        let proof = try tree.inclusionProof(of: UInt64(index))
        #expect(proof.map(\.bytes) == Reference.path(index, all[...]))
        let leaf = Merkle.leafHash(all[index])
        #expect(ProofCheck.inclusion(of: leaf, at: UInt64(index), size: UInt64(size), proof: proof, root: edge.root))
        let other = Merkle.leafHash(Array("another".utf8))
        #expect(!ProofCheck.inclusion(of: other, at: UInt64(index), size: UInt64(size), proof: proof, root: edge.root))
        #expect(
          !ProofCheck.inclusion(of: leaf, at: UInt64(index), size: UInt64(size), proof: proof + [leaf], root: edge.root)
        )
        #expect(!ProofCheck.inclusion(of: leaf, at: UInt64(size), size: UInt64(size), proof: proof, root: edge.root))
      }
    }
  }

  @Test("consistency proofs verify between every two sizes, and never for another history")
  func consistency() throws {
    let roots = (0...130).map { grow($0).edge.root }
    let otherRoot = Merkle.leafHash(Array("another".utf8))
    for new in 1...130 {
      let (_, tiles) = grow(new)
      for old in 0...new {
        var tree = TiledTree(size: UInt64(new)) { try #require(tiles[$0]) }
        let proof = try tree.consistencyProof(from: UInt64(old))
        func holds(_ oldRoot: TreeHash, _ newRoot: TreeHash) -> Bool {
          ProofCheck.consistency(
            oldSize: UInt64(old), oldRoot: oldRoot, newSize: UInt64(new), newRoot: newRoot, proof: proof)
        }
        #expect(holds(roots[old], roots[new]), "\(old) to \(new)")
        #expect(!holds(otherRoot, roots[new]))
        if old > 0 { #expect(!holds(roots[old], otherRoot)) }
      }
    }
  }

  @Test(
    "an edge taken up from tiles goes on like the one that made them", arguments: [0, 1, 255, 256, 257, 700, 66_000])
  func restart(size: Int) throws {
    var (edge, tiles) = grow(size)
    var restarted = try TreeEdge(size: UInt64(size)) { level, index, width in
      let coordinate = TileCoordinate(level: level, index: index, width: width)
      return try #require(tiles[coordinate])
    }
    #expect(restarted.root == edge.root)
    for number in 0..<600 {
      let hash = Merkle.leafHash(Array("more \(number)".utf8))
      edge.append(hash)
      restarted.append(hash)
    }
    #expect(restarted.root == edge.root)
    #expect(restarted.takeCompletedTiles() == edge.takeCompletedTiles())
    #expect(restarted.partialTiles == edge.partialTiles)
  }
}
