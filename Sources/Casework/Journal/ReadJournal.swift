import Domain
public import Storage
public import TransparencyLog

extension Desk {
  /// The signed checkpoint of the journal as it is now; makes one where there is none yet.
  public func checkpoint(as caller: Caller) async throws -> SignedNote {
    let (head, kept) = try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readJournal, in: tx, at: now)
      let head = try tx.journalHead()
      return (head, try tx.checkpoint(at: head.size))
    }
    if let kept { return try SignedNote(parsing: kept) }
    let signer = keys.journal
    let note = try Checkpoint(origin: signer.name, size: UInt64(head.size), root: head.root).signed(by: signer)
    try await store.keep(checkpoint: note, size: head.size)
    return note
  }

  /// The proof that a leaf is in the journal, with the checkpoint that it leads to.
  public func proof(of index: Int64, as caller: Caller) async throws -> TLogProof {
    let found = try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readJournal, in: tx, at: now)
      return try tx.checkpoint(at: try tx.journalHead().size).map {
        try Self.proof(of: index, under: try SignedNote(parsing: $0), in: tx)
      }
    }
    if let found { return found }
    // The journal may grow after this; the proof is for the checkpoint's tree.
    let note = try await checkpoint(as: caller)
    return try await store.read { try Self.proof(of: index, under: note, in: $0) }
  }

  private static func proof(of index: Int64, under note: SignedNote, in tx: ReadTransaction) throws -> TLogProof {
    let size = try Checkpoint(parsing: note.text).size
    guard index >= 0, UInt64(index) < size else {
      throw Refusal.notFound("leaf \(index): the journal has the leaves 0 to \(Int64(size) - 1)")
    }
    var tree = try tx.journalTree(size: size)
    return TLogProof(index: UInt64(index), path: try tree.inclusionProof(of: UInt64(index)), checkpoint: note)
  }

  /// A tile of the tree; nil where the tree does not reach so far.
  public func tile(_ coordinate: TileCoordinate, as caller: Caller) async throws -> [UInt8]? {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readJournal, in: tx, at: now)
      return try tx.tile(coordinate)
    }
  }

  /// Journal rows from an index on, as they are stored.
  public func journal(from index: Int64, limit: Int, as caller: Caller) async throws -> [StoredEvent] {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readJournal, in: tx, at: now)
      return try tx.journal(from: index, limit: limit)
    }
  }
}
