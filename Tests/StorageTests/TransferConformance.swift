import Domain
import Storage
import Synchronization
import TestPorts
import Testing
import TransparencyLog

/// Every pair of engines, each way.
struct Route: Sendable, CustomTestStringConvertible {
  let source: EngineFactory
  let target: EngineFactory

  var testDescription: String { "\(source.testDescription) to \(target.testDescription)" }

  static let all = EngineFactory.all.flatMap { source in EngineFactory.all.map { Route(source: source, target: $0) } }
}

@Suite("Conformance: a record moves to another store") struct TransferConformance {
  /// Where a record goes: an empty database, and what opens it afterwards.
  private struct Target {
    let directory: TestDirectory
    let engine: any Engine
    let factory: EngineFactory

    init(_ factory: EngineFactory) throws {
      self.factory = factory
      directory = try TestDirectory()
      engine = try factory.open(directory.path, "record")
    }

    func opened(like record: TestRecord) async throws -> TestRecord {
      try await TestRecord(factory, directory, engine, record.clock, record.random)
    }
  }

  /// A journal of some 700 events of every kind, with erasures, passwords and checkpoints.
  private func history(_ factory: EngineFactory, seed: UInt64) async throws -> TestRecord {
    let record = try await History(factory, seed: seed).run(writes: 250)
    try await keepCheckpoint(record)
    try await record.write([TestRecord.report(77_000)])
    try await keepCheckpoint(record)
    return record
  }

  private func keepCheckpoint(_ record: TestRecord) async throws {
    try await record.store.keep(checkpoint: try await record.checkpoint(), size: try await record.size())
  }

  private func transfer(from source: any Engine, to target: any Engine, run: UInt64 = 900) -> Transfer {
    Transfer(from: source, to: target, run: TestRecord.id(run))
  }

  @discardableResult
  private func move(_ record: TestRecord, to target: Target) async throws -> Transfer.Result {
    let transfer = transfer(from: record.engine, to: target.engine)
    try transfer.begin()
    return try await transfer.run()
  }

  /// What a verification with replay finds wrong in a copy, by the key of the record that it was made of.
  private func verify(
    _ copy: TestRecord, of record: TestRecord, outside: SignedNote? = nil
  ) async throws -> VerificationReport {
    let directory = try TestDirectory()
    let scratch = try EngineFactory.sqlite.open(directory.path, "scratch")
    return try await Verification.run(
      on: copy.engine, verifier: record.signer.verifier, outside: outside, scratch: scratch
    ) { [directory] _, _ in _ = directory }
  }

  private func rows(_ record: TestRecord) async throws -> [StoredEvent] {
    try await record.store.read { try $0.journal(from: 0, limit: 1_000_000) }
  }

  @Test("the copy has the same bytes, root and tables, and goes on as the record would", arguments: Route.all)
  func copy(route: Route) async throws {
    let record = try await history(route.source, seed: 21)
    let target = try Target(route.target)
    let result = try await move(record, to: target)
    let copy = try await target.opened(like: record)
    let head = try await record.store.read { try $0.journalHead() }
    #expect(try await copy.store.read { try $0.journalHead() } == head)
    #expect(result.size == head.size && result.root == head.root && result.at == head.at && result.erased > 0)
    #expect(try await rows(copy) == rows(record))
    let report = try await verify(copy, of: record, outside: try await record.checkpoint())
    #expect(report.told == [])
    #expect(report.checkpoints == 3 && report.erased == Int(result.erased))
    try await copy.write([TestRecord.report(88_000)])
    try await record.write([TestRecord.report(88_001)])
    #expect(try await verify(copy, of: record).told == [])
    #expect(try await copy.size() == record.size())
  }

  @Test("tiles are those that the lane would have written, at and around the widths of a tile", arguments: Route.all)
  func tiles(route: Route) async throws {
    for size in [4, 255, 256, 257, 8_192, 8_193] {
      let record = try await TestRecord(route.source)
      _ = try await record.store.write(as: TestRecord.owner, priority: .bulk) { tx in
        try tx.record((3..<size).map { tx.seal(TestRecord.report(UInt64($0))) })
      }
      let target = try Target(route.target)
      #expect(try await move(record, to: target).size == Int64(size))
      let copy = try await target.opened(like: record)
      #expect(try await verify(copy, of: record).told == [], "\(size)")
    }
  }

  @Test("a target that has a record is refused and stays as it was", arguments: Route.all)
  func targetInUse(route: Route) async throws {
    let record = try await TestRecord(route.source)
    let other = try await TestRecord(route.target)
    try await other.write([TestRecord.report(1)])
    let before = try await rows(other)
    #expect(throws: TransferFault.targetInUse) { try transfer(from: record.engine, to: other.engine).begin() }
    #expect(try await rows(other) == before)
    #expect(try await other.verify().told == [])
    #expect(try await RecordState.read(other.engine) == .founded(TestRecord.id(1)))
  }

  @Test("a store without a record has nothing to move", arguments: Route.all)
  func noRecord(route: Route) async throws {
    let source = try Target(route.source)
    let target = try Target(route.target)
    #expect(try await RecordState.read(source.engine) == .empty)
    let transfer = transfer(from: source.engine, to: target.engine)
    try transfer.begin()
    await #expect(throws: TransferFault.noRecord) { try await transfer.run() }
  }

  @Test(
    "until its end a transfer leaves a target that nobody opens, and the next one begins anew", arguments: Route.all)
  func unfinished(route: Route) async throws {
    let record = try await history(route.source, seed: 22)
    let size = Int(try await record.size())
    let target = try Target(route.target)
    for step in 0..<12 {
      let counted = Mutex(0)
      let failing = ObservedEngine(target.engine) { _ in
        let isDue = counted.withLock { count in
          count += 1
          return count > step
        }
        if isDue { throw BodyFault() }
      }
      let transfer = transfer(from: record.engine, to: failing, run: UInt64(1_000 + step))
      await #expect(throws: BodyFault.self, "step \(step)") {
        try transfer.begin()
        _ = try await transfer.run()
      }
      guard try await RecordState.read(target.engine) == .unfinished else {
        // Nothing was begun yet: the mark is the first thing that is written.
        #expect(step < 2)
        #expect(try await RecordState.read(target.engine) == .empty, "step \(step)")
        continue
      }
      await #expect(throws: TransferFault.unfinished) { try await target.opened(like: record) }
    }
    #expect(try await move(record, to: target).size == Int64(size))
    #expect(try await verify(target.opened(like: record), of: record).told == [])
  }

  @Test("one that was taken for dead gives way to the one that took its place", arguments: Route.all)
  func overtaken(route: Route) async throws {
    let record = try await TestRecord(route.source)
    let target = try Target(route.target)
    let first = transfer(from: record.engine, to: target.engine, run: 1)
    let second = transfer(from: record.engine, to: target.engine, run: 2)
    try first.begin()
    try second.begin()
    await #expect(throws: TransferFault.overtaken) { try await first.run() }
    #expect(try await second.run().size == 3)
    #expect(try await verify(target.opened(like: record), of: record).told == [])
  }

  @Test("what is written while it runs is not in the copy", arguments: Route.all)
  func writtenMeanwhile(route: Route) async throws {
    let record = try await TestRecord(route.source)
    try await record.write((1...500).map { TestRecord.report($0) })
    let target = try Target(route.target)
    let transfer = transfer(from: record.engine, to: target.engine)
    try transfer.begin()
    async let copied = transfer.run()
    try await record.write([TestRecord.report(1_000)])
    let size = try await copied.size
    #expect(size == 503 || size == 504)
    #expect(try await verify(target.opened(like: record), of: record).told == [])
    #expect(try await record.size() == 504)
  }

  /// What is changed, and the leaf that is told; none where only the end shows it.
  private static let damages: [(change: String, leaf: Int64?)] = [
    ("UPDATE journal SET facts_salt = subject WHERE idx = 4", 4),
    ("UPDATE journal SET personal_salt = subject WHERE idx = 4", 4),
    ("UPDATE journal SET personal_salt = NULL WHERE idx = 5", 5),
    ("UPDATE journal SET subject = facts_salt WHERE idx = 6", 6),
    ("DELETE FROM journal WHERE idx = 7", 7), ("UPDATE journal SET leaf = facts WHERE idx = 8", 8),
    ("DELETE FROM journal WHERE idx = 203", nil), ("UPDATE journal_head SET size = size - 1", nil),
    ("UPDATE journal_head SET at = at + 1", nil),
  ]

  @Test(
    "a source that was changed behind its back is not moved",
    arguments: EngineFactory.all, damages)
  func damagedSource(factory: EngineFactory, damage: (change: String, leaf: Int64?)) async throws {
    let record = try await TestRecord(factory)
    try await record.write((1...201).map { TestRecord.report($0) })
    try record.tamper(damage.change)
    let target = try Target(factory)
    let transfer = transfer(from: record.engine, to: target.engine)
    try transfer.begin()
    let fault = await #expect(throws: TransferFault.self, "\(damage.change)") { try await transfer.run() }
    if case .damaged(let leaf, _)? = fault {
      #expect(leaf == damage.leaf)
    } else {
      #expect(fault == .mismatch && damage.leaf == nil)
    }
    #expect(try await RecordState.read(target.engine) == .unfinished)
  }

  @Test("every blob that an event names is asked for, and one that can't be kept ends the transfer")
  func blobs() async throws {
    let record = try await TestRecord(.sqlite)
    let segments = (1...5).map { [UInt8](repeating: $0, count: 32) }
    try await record.write(
      [TestRecord.report(1)]
        + segments.map { segment in
          LooksMade(
            round: ID(TestRecord.id(UInt64(segment[0]) + 400)), items: [3], lookedAt: Instant(microseconds: 1),
            segment: segment, verdicts: "l")
        })
    let asked = Mutex<[[UInt8]]>([])
    let target = try Target(.sqlite)
    let transfer = transfer(from: record.engine, to: target.engine)
    try transfer.begin()
    await #expect(throws: BodyFault.self) { try await transfer.run(blob: { _ in throw BodyFault() }) }
    _ = try await transfer.run(blob: { digest in asked.withLock { $0.append(digest) } })
    #expect(asked.withLock { $0 } == segments)
  }
}
