import Domain
import Storage
import Testing

@Suite("Conformance: who sees what") struct VisibilityConformance {
  /// Items 1 and 2 are the first agency's, the second of them shared; 3 and 4 the other's, the fourth shared.
  private func prepared(_ factory: EngineFactory) async throws -> TestRecord {
    let record = try await TestRecord(factory)
    try await record.write([
      TestRecord.report(1), TestRecord.report(2, sharing: .installation),
      TestRecord.report(3, owner: TestRecord.otherAgency),
      TestRecord.report(4, owner: TestRecord.otherAgency, sharing: .installation),
    ])
    return record
  }

  @Test("another agency's item does not exist unless it is shared", arguments: EngineFactory.all)
  func visibility(factory: EngineFactory) async throws {
    let record = try await prepared(factory)
    let strangers = Viewer(user: TestRecord.owner, agency: ID(TestRecord.id(999)))
    for (viewer, visible) in [
      (TestRecord.viewer, [1, 2, 4]), (TestRecord.otherViewer, [2, 3, 4]), (strangers, [2, 4]),
    ] as [(Viewer, [UInt64])] {
      let ids = visible.map { ID<Item>(TestRecord.id(1_000_000 + $0)) }
      let (listed, count, found, providers) = try await record.store.read { tx in
        (
          try tx.items(Page(), for: viewer).map(\.id), try tx.itemCount(for: viewer),
          try (UInt64(1)...4).filter { try tx.item(ID(TestRecord.id(1_000_000 + $0)), for: viewer) != nil },
          try tx.providers(for: viewer)
        )
      }
      #expect(listed == ids)
      #expect(count == Int64(ids.count))
      #expect(found == visible)
      #expect(providers.map(\.items) == [Int64(ids.count)])
      #expect(providers.first?.provider.name == "x.example")
    }
  }

  @Test(
    "what is shared with an operation exists for those who take part, in everything that is read",
    arguments: EngineFactory.all)
  func operations(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    let operation = ID<Operation>(TestRecord.id(60))
    let item = ID<Item>(TestRecord.id(1_000_001))
    try await record.write([
      OperationOpened(operation: operation, agency: TestRecord.agency, nameDigest: [1], name: "Lights"),
      TestRecord.report(1, sharing: .operation, operation: operation),
      TestRecord.report(2, sharing: .operation), TestRecord.report(3, operation: operation),
      ItemAssessed(
        item: item, reportIndex: 4, decision: .refer, categories: [.threat], factors: [], exempt: [],
        usedMachineHelp: false, reasons: nil),
    ])
    func seen(by viewer: Viewer) async throws -> [Int] {
      try await record.store.read { tx in
        [
          try tx.items(Page(), for: viewer).count, Int(try tx.itemCount(for: viewer)),
          try tx.item(item, for: viewer) == nil ? 0 : 1, try tx.workItem(item, for: viewer) == nil ? 0 : 1,
          try tx.workItems([item, ID(TestRecord.id(1_000_003))], for: viewer).count,
          try tx.providers(for: viewer).count,
          try tx.figures(of: operation, for: viewer).reduce(0) { $0 + Int($1.figures[.reported]) },
          try tx.entries(behind: .assessed, of: operation, provider: nil, Page(), for: viewer).count,
          try tx.queue(.assess, operation: operation, Page(), at: Instant(microseconds: 0), for: viewer).count,
          try tx.visibleItems(at: [1, 2, 3].map { TestRecord.digest($0) }, for: viewer).count,
        ]
      }
    }
    #expect(try await seen(by: TestRecord.viewer) == [3, 3, 1, 1, 2, 1, 2, 1, 1, 3])
    #expect(try await seen(by: TestRecord.otherViewer) == Array(repeating: 0, count: 10))
    try await record.write([OperationJoined(operation: operation, agency: TestRecord.otherAgency)])
    #expect(try await seen(by: TestRecord.otherViewer) == [1, 1, 1, 1, 1, 1, 1, 1, 0, 1])
    // Its owner alone may erase it.
    let erased = try await record.store.write(as: TestRecord.owner) {
      try $0.erase(item, basis: "led-16", for: TestRecord.otherViewer)
    }
    #expect(erased == nil)
    #expect(try await record.verify().told == [])
  }

  @Test("pages follow one another without gap or repetition", arguments: EngineFactory.all)
  func pages(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    try await record.write((1...25).map { TestRecord.report($0) })
    var seen: [ID<Item>] = []
    var after: Int64 = -1
    while case let page = Page(after: after, limit: 10),
      case let items = try await record.store.read({ try $0.items(page, for: TestRecord.viewer) }), !items.isEmpty
    {
      seen += items.map(\.id)
      after = items.last?.reportIndex ?? after
    }
    #expect(seen == (1...25).map { ID(TestRecord.id(1_000_000 + $0)) })
    #expect(Page(limit: 0).limit == 1 && Page(limit: .max).limit == 1_000 && Page(limit: -5).limit == 1)
  }

  @Test("what is known is asked for many locators at once, and of one owner alone", arguments: EngineFactory.all)
  func knownItems(factory: EngineFactory) async throws {
    let record = try await prepared(factory)
    let asked = [9, 4, 1, 3, 2, 1].map { TestRecord.digest($0) }
    let known = try await record.store.read { tx in
      [
        try tx.knownItems(asked, owner: TestRecord.agency), try tx.knownItems(asked, owner: TestRecord.otherAgency),
        try tx.knownItems(asked, owner: ID(TestRecord.id(999))), try tx.knownItems([], owner: TestRecord.agency),
      ]
    }
    #expect(
      known[0] == [
        TestRecord.digest(1): KnownItem(id: ID(TestRecord.id(1_000_001)), reportIndex: 3),
        TestRecord.digest(2): KnownItem(id: ID(TestRecord.id(1_000_002)), reportIndex: 4),
      ])
    #expect(Set(known[1].keys) == [TestRecord.digest(3), TestRecord.digest(4)])
    #expect(known[2].isEmpty && known[3].isEmpty)
  }

  @Test("an owner has a locator once; another owner may have it too", arguments: EngineFactory.all)
  func duplicates(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    try await record.write([TestRecord.report(1)])
    let error = await #expect(throws: StorageError.self) { try await record.write([TestRecord.report(2, locator: 1)]) }
    guard case .conflict = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    try await record.write([TestRecord.report(3, owner: TestRecord.otherAgency, locator: 1)])
    #expect(try await record.size() == 5)
    #expect(try await record.verify().told == [])
  }

  @Test(
    "an erased item keeps its facts and loses its address, in the tables and in the journal",
    arguments: EngineFactory.all)
  func erasure(factory: EngineFactory) async throws {
    let record = try await prepared(factory)
    let item = ID<Item>(TestRecord.id(1_000_002))
    try await record.write([
      ItemSighted(
        item: item, reportIndex: 4, source: nil, reportedAs: Array("x.example/2".utf8),
        remarks: ReportRemarks(note: "seen"))
    ])
    let outside = try await record.checkpoint()
    let erased = try await record.store.write(as: TestRecord.owner) {
      try $0.erase(item, basis: "led-16", for: TestRecord.viewer)
    }
    #expect(erased == [4, 7])
    try await record.store.compact()
    let (found, rows, known) = try await record.store.read { tx in
      (
        try tx.item(item, for: TestRecord.viewer), try tx.journal(of: item.identifier),
        try tx.knownItems([TestRecord.digest(2)], owner: TestRecord.agency)
      )
    }
    #expect(found?.locator == nil && found?.sightings == 1 && found?.kind == .post)
    #expect(rows.map(\.index) == [4, 7, 8])
    #expect(rows.allSatisfy { $0.personal == nil && $0.personalSalt == nil })
    // The address is free: reported again, it begins anew as an item of its own.
    #expect(known.isEmpty)
    let report = try await record.verify(outside: outside)
    #expect(report.told == [])
    #expect(report.erased == 2)
    // What is reported of it afterwards has a personal part again, which is erased again.
    try await record.write([
      ItemSighted(item: item, reportIndex: 4, source: nil, reportedAs: [0x78], remarks: ReportRemarks())
    ])
    let again = try await record.store.write(as: TestRecord.owner) {
      try $0.erase(item, basis: "retention", for: TestRecord.viewer)
    }
    #expect(again == [9])
    #expect(try await record.verify().told == [])
  }

  @Test("nobody erases what another agency owns, shared or not", arguments: EngineFactory.all)
  func strangersDoNotErase(factory: EngineFactory) async throws {
    let record = try await prepared(factory)
    let before = try await record.size()
    for number in [1, 2, 99] as [UInt64] {
      let erased = try await record.store.write(as: TestRecord.owner) {
        try $0.erase(ID(TestRecord.id(1_000_000 + number)), basis: "led-16", for: TestRecord.otherViewer)
      }
      #expect(erased == nil)
    }
    #expect(try await record.size() == before)
    #expect(
      try await record.store.read { try $0.item(ID(TestRecord.id(1_000_001)), for: TestRecord.viewer) }?.locator != nil)
  }
}
