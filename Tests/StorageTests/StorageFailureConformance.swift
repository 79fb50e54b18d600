import Domain
import Storage
import Synchronization
import TestPorts
import Testing

@Suite("Conformance: when the storage fails") struct StorageFailureConformance {
  static let steps: [ObservedEngine.Step] = [
    .begin, .commit, .insert(table: "journal"), .insert(table: "items"), .insert(table: "item_locators"),
  ]

  @Test(
    "everything that shared the commit fails with the error, nothing is kept, and the next write goes on",
    arguments: EngineFactory.all, steps)
  func failure(factory: EngineFactory, step: ObservedEngine.Step) async throws {
    let directory = try TestDirectory()
    let isFailing = Mutex(false)
    let engine = ObservedEngine(try factory.open(directory.path, "record")) { found in
      if found == step, isFailing.withLock({ $0 }) { throw StorageError.full }
    }
    let record = try await TestRecord(factory, directory, engine, SteppingClock(), SeededRandom(seed: 1))
    try await record.write(TestRecord.founding)
    let before = try await record.store.read { try $0.journalHead() }
    isFailing.withLock { $0 = true }
    let release = record.holdLane()
    let writes = (1...5).map { number in
      record.store.enqueue(as: TestRecord.owner, priority: .person) { try $0.record(TestRecord.report(number)) }
    }
    release()
    // A body that fails on its own insert ends the commit; those behind it meet the failure in a commit of their own.
    for write in writes { await #expect(throws: StorageError.full) { try await write.value() } }
    isFailing.withLock { $0 = false }
    #expect(try await record.store.read { try $0.journalHead() } == before)
    #expect(try await record.write([TestRecord.report(1)]) == [before.size])
    #expect(try await record.verify().told == [])
  }

  @Test("a conflict is one body's own; the others of its commit are kept", arguments: EngineFactory.all)
  func conflict(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    let release = record.holdLane()
    let first = record.store.enqueue(as: TestRecord.owner, priority: .person) { try $0.record(TestRecord.report(1)) }
    let second = record.store.enqueue(as: TestRecord.owner, priority: .person) {
      try $0.record(TestRecord.report(2, locator: 1))
    }
    let third = record.store.enqueue(as: TestRecord.owner, priority: .person) { try $0.record(TestRecord.report(3)) }
    release()
    #expect(try await first.value() == 3)
    await #expect(throws: StorageError.self) { try await second.value() }
    #expect(try await third.value() == 4)
    #expect(try await record.verify().told == [])
  }

  @Test("a body that catches the error of its own recording can't commit half of it", arguments: EngineFactory.all)
  func swallowedConflict(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    try await record.write([TestRecord.report(1)])
    try? await record.store.write(as: TestRecord.owner) { tx in
      _ = try? tx.record(TestRecord.report(2, locator: 1))
    }
    let told = try await record.verify().told
    #expect(told == [])
  }

  @Test("recording nothing leaves the journal's head as it is", arguments: EngineFactory.all)
  func emptyBatch(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    let release = record.holdLane()
    let first = record.store.enqueue(as: TestRecord.owner, priority: .person) { try $0.record(TestRecord.report(1)) }
    let second = record.store.enqueue(as: TestRecord.owner, priority: .person) { try $0.record([]) }
    release()
    _ = try await (first.value(), second.value())
    let told = try await record.verify().told
    #expect(told == [])
  }

  @Test("a head that does not fit its tiles is refused, and nothing is added to it", arguments: EngineFactory.all)
  func damagedHead(factory: EngineFactory) async throws {
    for damage in [
      "root = zeroblob(32)", "root = zeroblob(31)", "size = size - 1", "size = size + 1", "size = 1000000",
    ] {
      let record = try await TestRecord(factory)
      try record.tamper("UPDATE journal_head SET \(damage)")
      let restarted = try await record.reopened()
      let error = await #expect(throws: StorageError.self, "\(damage)") {
        try await restarted.write([TestRecord.report(1)])
      }
      guard case .damaged = error else {
        Issue.record("\(damage): \(String(describing: error))")
        continue
      }
      #expect(try await restarted.store.read { try $0.itemCount(for: TestRecord.viewer) } == 0)
    }
  }

  @Test("a head with a negative size is damage, not a crash")
  func negativeHead() async throws {
    await #expect(processExitsWith: .success) {
      let record = try await TestRecord(.sqlite)
      try record.tamper("UPDATE journal_head SET size = -1")
      _ = try? await record.reopened().write([TestRecord.report(1)])
    }
  }
}
