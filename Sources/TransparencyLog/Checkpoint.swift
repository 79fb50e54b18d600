/// A tree's size and root under a log's name (C2SP tlog-checkpoint): what a log signs and others remember.
public struct Checkpoint: Sendable, Hashable {
  public let origin: String
  public let size: UInt64
  public let root: TreeHash

  public init(origin: String, size: UInt64, root: TreeHash) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// The text that is signed: origin, size and root on a line each.
  public var text: String { "\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n" }

  /// Reads a note's text; lines after the third are extensions and are left alone.
  public init(parsing text: String) throws(NoteFault) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 4, !lines[0].isEmpty, let size = UInt64(lines[1]), String(size) == lines[1],
      let root = Base64.decode(lines[2]).flatMap({ TreeHash(bytes: $0) })
    else { throw .malformedCheckpoint }
    self.init(origin: String(lines[0]), size: size, root: root)
  }

  public func signed(by signer: NoteSigner) throws -> SignedNote { try signer.sign(text) }
}
