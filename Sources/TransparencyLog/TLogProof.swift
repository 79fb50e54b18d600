/// A leaf's inclusion proof together with the signed checkpoint it leads to (C2SP tlog-proof): one file, verified offline.
public struct TLogProof: Sendable, Hashable {
  private static let header = "c2sp.org/tlog-proof@v1"

  public let index: UInt64
  public let path: [TreeHash]
  public let checkpoint: SignedNote

  public init(index: UInt64, path: [TreeHash], checkpoint: SignedNote) {
    self.index = index
    self.path = path
    self.checkpoint = checkpoint
  }

  public var encoded: String {
    let hashes = path.map { Base64.encode($0.bytes) + "\n" }.joined()
    return "\(Self.header)\nindex \(index)\n\(hashes)\n\(checkpoint.encoded)"
  }

  public init(parsing text: String) throws(NoteFault) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let gap = lines.firstIndex(of: ""), gap >= 2, lines[0] == Self.header, lines[1].hasPrefix("index "),
      let index = UInt64(lines[1].dropFirst(6))
    else { throw .malformedProof }
    var path: [TreeHash] = []
    for line in lines[2..<gap] {
      guard let hash = Base64.decode(line).flatMap({ TreeHash(bytes: $0) }) else { throw .malformedProof }
      path.append(hash)
    }
    self.index = index
    self.path = path
    checkpoint = try SignedNote(parsing: lines[(gap + 1)...].joined(separator: "\n"))
  }

  /// Throws unless the checkpoint is signed by `verifier` and the leaf is in its tree; returns the checkpoint.
  public func verify(leaf: [UInt8], by verifier: NoteVerifier) throws(NoteFault) -> Checkpoint {
    try verifier.verify(checkpoint)
    let signed = try Checkpoint(parsing: checkpoint.text)
    guard signed.origin == verifier.name,
      ProofCheck.inclusion(of: Merkle.leafHash(leaf), at: index, size: signed.size, proof: path, root: signed.root)
    else { throw .malformedProof }
    return signed
  }
}
