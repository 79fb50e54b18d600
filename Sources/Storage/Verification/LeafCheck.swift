import Domain
import TransparencyLog

/// One journal row looked at by itself: everything that can be said without its neighbours.
struct LeafCheck: Sendable {
  let index: Int64
  let hash: TreeHash
  /// Nil where the leaf can't be read.
  let at: Instant?
  /// The leaf commits to a personal part that is not there.
  let lacksPersonal: Bool
  /// Which indexes this event says to have erased.
  let erases: [Int64]
  let problem: String?

  init(_ row: StoredEvent) {
    index = row.index
    hash = Merkle.leafHash(row.leaf)
    do {
      let leaf = try Leaf(parsing: row.leaf)
      let erased = try Self.erased(by: leaf.header, facts: row.facts)
      at = leaf.header.at
      lacksPersonal = leaf.personalCommitment != nil && row.personal == nil && row.personalSalt == nil
      erases = erased
      problem = Self.problem(of: row, leaf: leaf)
    } catch {
      at = nil
      lacksPersonal = false
      erases = []
      problem = "its bytes are not a leaf (\(error))"
    }
  }

  private static func problem(of row: StoredEvent, leaf: Leaf) -> String? {
    if leaf.header.index != row.index { return "it says to be leaf \(leaf.header.index)" }
    if leaf.header.subject.bytes != row.subject { return "the subject beside it is not the one in its leaf" }
    if leaf.bytes != row.leaf { return "its bytes are not canonical" }
    if !commits(leaf.factsCommitment, to: row.facts, salt: row.factsSalt) {
      return "its facts are not those that the leaf commits to"
    }
    guard let committed = leaf.personalCommitment else {
      return row.personal == nil && row.personalSalt == nil ? nil : "it has a personal part that the leaf does not know"
    }
    switch (row.personal, row.personalSalt) {
    case (nil, nil): return nil
    case (let personal?, let salt?):
      return commits(committed, to: personal, salt: salt)
        ? nil : "its personal part is not the one that the leaf commits to"
    default: return "its personal part has lost its salt, or the salt its part"
    }
  }

  private static func commits(_ commitment: TreeHash, to payload: [UInt8], salt: [UInt8]) -> Bool {
    salt.count == PayloadCommitment.saltLength
      && PayloadCommitment.commit(salt: salt, payload: payload) == commitment
  }

  private static func erased(by header: EventHeader, facts: [UInt8]) throws -> [Int64] {
    guard header.type == EventType.itemErased.rawValue else { return [] }
    return try JSONObject(parsing: facts).integers("erased")
  }
}
