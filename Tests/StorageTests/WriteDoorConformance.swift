import Domain
import Storage
import Synchronization
import TestPorts
import Testing

@Suite("Conformance: the write door") struct WriteDoorConformance {
  @Test("what a body records is there once it is answered, and its result is returned", arguments: EngineFactory.all)
  func writeAndRead(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    let index = try await record.store.write(as: TestRecord.owner) { tx in
      let next = tx.nextIndex
      let index = try tx.record(TestRecord.report(1))
      #expect(index == next)
      // The body sees what it has just recorded.
      #expect(try tx.reading.itemCount(for: TestRecord.viewer) == 1)
      return index
    }
    let item = try await record.store.read { try $0.item(ID(TestRecord.id(1_000_001)), for: TestRecord.viewer) }
    #expect(item?.reportIndex == index)
    #expect(item?.locator == "https://x.example/1")
    #expect(item?.owner == TestRecord.agency && item?.provider == TestRecord.provider)
    #expect(item?.kind == .post && item?.handling == .h1 && item?.sharing == .owner && item?.sightings == 0)
    let row = try #require(try await record.store.read { try $0.journal(from: index, limit: 1).first })
    let read = try row.recorded()
    #expect(read.header.actor == TestRecord.owner.identifier)
    #expect(read.header.at == item?.firstReportedAt)
    #expect((read.event as? ItemReported)?.digest == TestRecord.digest(1))
    #expect(try await record.verify().told == [])
  }

  @Test("a body that throws leaves nothing, and its error is the caller's", arguments: EngineFactory.all)
  func throwing(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    let before = try await record.store.read { try $0.journalHead() }
    await #expect(throws: BodyFault()) {
      try await record.store.write(as: TestRecord.owner) { tx in
        try tx.record(TestRecord.report(1))
        try tx.record(ProviderRegistered(provider: ID(TestRecord.id(9)), pack: "p", name: "p"))
        throw BodyFault()
      }
    }
    let after = try await record.store.read { try $0.journalHead() }
    #expect(after == before)
    #expect(try await record.store.read { try $0.itemCount(for: TestRecord.viewer) } == 0)
    #expect(try await record.store.read { try $0.hasProvider(ID(TestRecord.id(9))) } == false)
    #expect(try await record.verify().told == [])
  }

  @Test("bodies that wait together share one commit, each with its own indexes", arguments: EngineFactory.all)
  func sharedCommit(factory: EngineFactory) async throws {
    let directory = try TestDirectory()
    let commits = Mutex(0)
    let engine = ObservedEngine(try factory.open(directory.path, "record")) { step in
      if step == .commit { commits.withLock { $0 += 1 } }
    }
    let record = try await TestRecord(factory, directory, engine, SteppingClock(), SeededRandom(seed: 1))
    try await record.write(TestRecord.founding)
    let before = commits.withLock { $0 }
    let release = record.holdLane()
    let writes = (0..<20).map { number in
      record.store.enqueue(as: TestRecord.owner, priority: .person) { try $0.record(TestRecord.report(number)) }
    }
    release()
    var indexes: [Int64] = []
    for write in writes { indexes.append(try await write.value()) }
    #expect(indexes == Array(3..<23))
    #expect(commits.withLock { $0 } == before + 1)
    #expect(try await record.verify().told == [])
  }

  @Test("an error in one body does not undo the others of its commit", arguments: EngineFactory.all)
  func independentBodies(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    let release = record.holdLane()
    let first = record.store.enqueue(as: TestRecord.owner, priority: .person) { try $0.record(TestRecord.report(1)) }
    let failing = record.store.enqueue(as: TestRecord.owner, priority: .person) { tx -> Int64 in
      try tx.record(TestRecord.report(2))
      try tx.record(ProviderRegistered(provider: ID(TestRecord.id(9)), pack: nil, name: nil))
      throw BodyFault()
    }
    // Speaks of the row that was just rolled back: it must not be remembered.
    let dangling = record.store.enqueue(as: TestRecord.owner, priority: .person) { tx -> Int64 in
      try tx.record(
        ItemReported(
          item: ID(TestRecord.id(77)), owner: TestRecord.agency, provider: ID(TestRecord.id(9)), operation: nil,
          kind: .page, handling: .h0, sharing: .owner, digest: TestRecord.digest(77), source: nil, locator: nil,
          reportedAs: nil, remarks: ReportRemarks()))
    }
    let last = record.store.enqueue(as: TestRecord.owner, priority: .person) { try $0.record(TestRecord.report(3)) }
    release()
    #expect(try await first.value() == 3)
    await #expect(throws: BodyFault()) { try await failing.value() }
    await #expect(throws: ProjectionFault.self) { try await dangling.value() }
    #expect(try await last.value() == 4)
    let items = try await record.store.read { try $0.items(Page(), for: TestRecord.viewer) }
    #expect(items.map(\.reportIndex) == [3, 4])
    #expect(items.map(\.locator) == ["https://x.example/1", "https://x.example/3"])
    #expect(try await record.verify().told == [])
  }

  @Test("persons go before imports, and each priority in the order of its calls", arguments: EngineFactory.all)
  func priorities(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    let order = Mutex<[String]>([])
    let release = record.holdLane()
    let writes = ["b1", "b2", "p1", "b3", "p2", "p3", "b4"].map { name in
      record.store.enqueue(as: TestRecord.owner, priority: name.hasPrefix("p") ? .person : .bulk) { _ in
        order.withLock { $0.append(name) }
      }
    }
    release()
    for write in writes { try await write.value() }
    #expect(order.withLock { $0 } == ["p1", "p2", "p3", "b1", "b2", "b3", "b4"])
  }

  @Test("a person who comes while an import runs goes before its next body", arguments: EngineFactory.all)
  func personDuringImport(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    let order = Mutex<[String]>([])
    let late = Mutex<PendingWrite<Void>?>(nil)
    let release = record.holdLane()
    let bulk = (1...3).map { number in
      record.store.enqueue(as: TestRecord.owner, priority: .bulk) { [store = record.store] _ in
        order.withLock { $0.append("b\(number)") }
        guard number == 1 else { return }
        let person = store.enqueue(as: TestRecord.owner, priority: .person) { _ in order.withLock { $0.append("p") } }
        late.withLock { $0 = person }
      }
    }
    release()
    for write in bulk { try await write.value() }
    try await late.withLock { $0 }?.value()
    #expect(order.withLock { $0 } == ["b1", "p", "b2", "b3"])
  }

  @Test("a thousand concurrent writes are each on record once", arguments: EngineFactory.all)
  func concurrentWrites(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    let indexes = try await withThrowingTaskGroup(of: Int64.self) { group in
      for number in 0..<1_000 {
        group.addTask {
          try await record.store.write(as: TestRecord.owner, priority: number.isMultiple(of: 7) ? .bulk : .person) {
            try $0.record(TestRecord.report(UInt64(number)))
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(indexes.sorted() == Array(3..<1_003))
    #expect(try await record.store.read { try $0.itemCount(for: TestRecord.viewer) } == 1_000)
    #expect(try await record.verify().told == [])
  }

  @Test("the record's time never goes back, whatever the clock does", arguments: EngineFactory.all)
  func monotone(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    try await record.write([TestRecord.report(1)])
    record.clock.move(bySeconds: -86_400)
    try await record.write([TestRecord.report(2), TestRecord.report(3)])
    let restarted = try await record.reopened()
    try await restarted.write([TestRecord.report(4)])
    record.clock.move(bySeconds: 2 * 86_400)
    try await restarted.write([TestRecord.report(5)])
    let instants = try await record.store.read {
      try $0.journal(from: 0, limit: 100).map { try $0.recorded().header.at }
    }
    #expect(instants == instants.sorted())
    #expect(instants[4] == instants[3] && instants[6] == instants[3] && instants[7] > instants[6])
    #expect(try await record.verify().told == [])
  }
}
