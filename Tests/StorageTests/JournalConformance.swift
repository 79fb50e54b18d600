import Domain
import Storage
import Testing
import TransparencyLog

@Suite("Conformance: the journal") struct JournalConformance {
  private func root(_ record: TestRecord) async throws -> TreeHash {
    try await record.store.read { try $0.journalHead().root }
  }

  /// The root over the stored leaves, worked out anew.
  private func recomputed(_ record: TestRecord) async throws -> TreeHash {
    let leaves = try await record.store.read { try $0.journal(from: 0, limit: 1_000_000).map(\.leaf) }
    var edge = TreeEdge()
    edge.append(contentsOf: leaves.map { Merkle.leafHash($0) })
    return edge.root
  }

  @Test("equal clocks, equal randomness and equal bodies give equal roots", arguments: EngineFactory.all)
  func determinism(factory: EngineFactory) async throws {
    let one = try await History(factory, seed: 11).run(writes: 40)
    let same = try await History(factory, seed: 11).run(writes: 40)
    let other = try await History(factory, seed: 12).run(writes: 40)
    #expect(try await root(one) == root(same))
    #expect(try await root(one) != root(other))
  }

  @Test("after any history the tables are what the journal gives", arguments: EngineFactory.all, [UInt64(1), 2, 3])
  func replay(factory: EngineFactory, seed: UInt64) async throws {
    let record = try await History(factory, seed: seed).run(writes: 250)
    let report = try await record.verify()
    #expect(report.told == [])
    #expect(report.size > 400)
    #expect((report.replayedRows ?? 0) > 100)
    #expect(try await recomputed(record) == root(record))
  }

  @Test("a record that is opened again continues the same tree", arguments: EngineFactory.all)
  func restart(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    var number: UInt64 = 0
    for count in [1, 250, 1, 1, 2, 255, 256, 257] {
      let restarted = try await record.reopened()
      let events = (0..<count).map { _ in
        number += 1
        return TestRecord.report(number)
      }
      try await restarted.write(events)
      #expect(try await recomputed(restarted) == root(restarted))
    }
    #expect(try await record.size() == Int64(3 + number))
    #expect(try await record.verify().told == [])
  }

  @Test("after a rollback, writes go on as if it had never been", arguments: EngineFactory.all)
  func rollback(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    for number in UInt64(1)...20 {
      _ = try? await record.store.write(as: TestRecord.owner) { tx in
        for other in 0..<number * 20 { try tx.record(TestRecord.report(10_000 + other)) }
        throw BodyFault()
      }
      try await record.write([TestRecord.report(number)])
    }
    #expect(try await record.size() == 23)
    #expect(try await recomputed(record) == root(record))
    #expect(try await record.verify().told == [])
  }

  @Test("two stores on one database keep one journal", arguments: EngineFactory.all)
  func twoWriters(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    let other = try await record.reopened()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<300 {
        let writer = number.isMultiple(of: 2) ? record : other
        group.addTask { try await writer.write([TestRecord.report(UInt64(number))]) }
      }
      try await group.waitForAll()
    }
    #expect(try await record.size() == 303)
    #expect(try await root(record) == root(other))
    #expect(try await recomputed(record) == root(record))
    #expect(try await record.verify().told == [])
  }

  @Test("tiles, proofs and head fit at and around the widths of a tile", arguments: EngineFactory.all)
  func tiles(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    var number = 3
    for size in [255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_793] {
      while number < size {
        let events = (number..<min(size, number + 10_000)).map { TestRecord.report(UInt64($0)) }
        number += events.count
        _ = try await record.store.write(as: TestRecord.owner, priority: .bulk) { tx in
          try tx.record(events.map { tx.seal($0) })
        }
      }
      try await checkTree(record, size: size)
      // A replay of the large ones says no more than one of the last.
      if size < 1_000 || size == 65_793 { #expect(try await record.verify().told == []) }
    }
    #expect(try await recomputed(record) == root(record))
  }

  private func checkTree(_ record: TestRecord, size: Int) async throws {
    let width = UInt64(size)
    let restarted = try await record.reopened()
    try await restarted.store.read { tx in
      let head = try tx.journalHead()
      #expect(head.size == Int64(size))
      for index in [0, 1, 254, 255, 256, width / 2, width - 2, width - 1] as [UInt64] where index < width {
        var tree = try tx.journalTree(size: width)
        let leaf = try #require(try tx.journal(from: Int64(index), limit: 1).first).leaf
        let proof = try tree.inclusionProof(of: index)
        #expect(
          ProofCheck.inclusion(of: Merkle.leafHash(leaf), at: index, size: width, proof: proof, root: head.root))
      }
      let full = size / 256
      #expect(try tx.tile(TileCoordinate(level: 0, index: UInt64(full))) == nil)
      #expect(try tx.tile(TileCoordinate(level: 0, index: UInt64(full), width: size % 256 + 1)) == nil)
      if size % 256 > 0 {
        let partial = TileCoordinate(level: 0, index: UInt64(full), width: size % 256)
        #expect(try tx.tile(partial)?.count == size % 256 * 32)
      }
      if full > 0 {
        #expect(try tx.tile(TileCoordinate(level: 0, index: 0))?.count == 8_192)
        let above = TileCoordinate(level: 1, index: 0, width: min(full, 256))
        #expect(try tx.tile(above)?.count == above.width * 32)
      }
      #expect(try (tx.tile(TileCoordinate(level: 2, index: 0, width: 1)) == nil) == (size < 65_536))
      #expect(try tx.tile(TileCoordinate(level: 0, index: .max)) == nil)
    }
  }

  @Test("a checkpoint is kept once for its size, and the journal may only grow from it", arguments: EngineFactory.all)
  func checkpoints(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    let note = try await record.checkpoint()
    try await record.store.keep(checkpoint: note, size: 3)
    let other = try Checkpoint(origin: "x", size: 3, root: Merkle.emptyRoot).signed(by: record.signer)
    try await record.store.keep(checkpoint: other, size: 3)
    let reopened = try await record.reopened()
    #expect(try await reopened.store.read { try $0.checkpoint(at: 3) } == note.encoded)
    #expect(try await reopened.store.read { try $0.checkpoint(at: 4) } == nil)
    try await record.write([TestRecord.report(1)])
    let report = try await record.verify(outside: note)
    #expect(report.told == [])
    #expect(report.checkpoints == 2)
  }

  @Test("an outside checkpoint shows a rollback and a changed past", arguments: EngineFactory.all)
  func outsideCheckpoints(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    let present = try await root(record)
    let longer = try Checkpoint(origin: record.signer.name, size: 4, root: Merkle.emptyRoot).signed(by: record.signer)
    let changed = try Checkpoint(origin: record.signer.name, size: 2, root: Merkle.emptyRoot).signed(by: record.signer)
    let stranger = try Checkpoint(origin: "else", size: 3, root: present).signed(by: record.signer)
    #expect(try await record.verify(outside: longer).findings.map(\.place) == [.checkpoint(4)])
    #expect(try await record.verify(outside: changed).findings.map(\.place) == [.checkpoint(2)])
    #expect(try await record.verify(outside: stranger).findings.map(\.place) == [.checkpoint(3)])
    let forged = try Checkpoint(origin: record.signer.name, size: 3, root: present)
      .signed(by: NoteSigner(name: record.signer.name))
    #expect(try await record.verify(outside: forged).findings.map(\.place) == [.checkpoint(3)])
  }
}
