import Testing
import TransparencyLog

@Suite("Notes, checkpoints, proof files") struct NoteTests {
  /// The example key of the Go checksum database's own documentation; its public form is a public fact.
  @Test("a verifier key of another program is read and written back")
  func foreignKey() throws {
    let text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    let verifier = try NoteVerifier(encoded: text)
    #expect(verifier.name == "sum.golang.org")
    #expect(verifier.keyID == 0x033d_e0ae)
    #expect(verifier.encoded == text)
  }

  @Test("a signed checkpoint verifies; changed text, another key and another name do not")
  func signatures() throws {
    let signer = NoteSigner(name: "unit.example/journal")
    let restored = try NoteSigner(encoded: signer.encoded)
    let checkpoint = Checkpoint(origin: signer.name, size: 7, root: Merkle.emptyRoot)
    let note = try checkpoint.signed(by: restored)
    let read = try SignedNote(parsing: note.encoded)
    #expect(read == note)
    #expect(try Checkpoint(parsing: read.text) == checkpoint)
    try signer.verifier.verify(read)
    let changed = try SignedNote(parsing: note.encoded.replacing("\n7\n", with: "\n8\n"))
    #expect(throws: NoteFault.badSignature(of: signer.name)) { try signer.verifier.verify(changed) }
    #expect(throws: NoteFault.notSigned(by: "unit.example/journal")) {
      try NoteSigner(name: signer.name).verifier.verify(read)
    }
  }

  @Test(
    "texts that are no notes are refused",
    arguments: ["", "\n", "a\n", "a\n\n", "a\n\n— b\n", "a\n\n— b !!!!\n", "a\n\n— b AAAA\n"])
  func malformed(text: String) {
    #expect(throws: NoteFault.self) { try SignedNote(parsing: text) }
  }

  @Test("a proof file proves its leaf and no other")
  func proofFile() throws {
    let signer = NoteSigner(name: "unit.example/journal")
    let leaves = (0..<700).map { Array("leaf \($0)".utf8) }
    var edge = TreeEdge()
    edge.append(contentsOf: leaves.map { Merkle.leafHash($0) })
    let tiles = edge.takeCompletedTiles() + edge.partialTiles
    var tree = TiledTree(size: 700) { wanted in try #require(tiles.first { $0.coordinate == wanted }).hashes }
    let note = try Checkpoint(origin: signer.name, size: 700, root: edge.root).signed(by: signer)
    let proof = TLogProof(index: 512, path: try tree.inclusionProof(of: 512), checkpoint: note)
    let read = try TLogProof(parsing: proof.encoded)
    #expect(read == proof)
    #expect(try read.verify(leaf: leaves[512], by: signer.verifier).size == 700)
    #expect(throws: NoteFault.malformedProof) { try read.verify(leaf: leaves[511], by: signer.verifier) }
  }

  @Test(
    "tile paths are C2SP's, and only those are read",
    arguments: [
      (TileCoordinate(level: 0, index: 3, width: 17), "tile/0/003.p/17"),
      (TileCoordinate(level: 1, index: 1_234_067), "tile/1/x001/x234/067"),
      (TileCoordinate(level: 2, index: 0), "tile/2/000"),
    ])
  func tilePaths(coordinate: TileCoordinate, path: String) {
    #expect(coordinate.path == path)
    #expect(TileCoordinate(pathComponents: path.split(separator: "/").dropFirst().map(String.init)) == coordinate)
  }

  @Test(
    "other tile paths are refused",
    arguments: ["0/3", "00/003", "0/x003", "0/1234", "6/000", "0/003.p/256", "0/003.p/0", "0/003.p/01", "0"])
  func badTilePaths(path: String) {
    #expect(TileCoordinate(pathComponents: path.split(separator: "/").map(String.init)) == nil)
  }
}
