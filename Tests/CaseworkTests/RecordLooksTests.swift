import Casework
import Domain
import Storage
import TestDesks
import TestPorts
import Testing

@Suite("Looking whether it is gone") struct RecordLooksTests {
  private static let address = "https://chorus.example/choir/song"

  /// One item that its provider has.
  private func delivered() async throws -> (test: TestDesk, unit: TestUnit, item: ID<Item>, referral: ID<Referral>) {
    let test = try await TestDesk()
    let unit = try await test.unit()
    let item = try await test.report([Self.address], as: unit.analyst)[0]
    let referral = try await test.refer([item], by: unit)[0]
    try await test.deliver()
    return (test, unit, item, referral)
  }

  private func lookIn(_ hours: Int64, _ verdict: Verdict, title: String? = nil, _ test: TestDesk) async throws {
    test.clock.move(bySeconds: hours * 3_600)
    #expect(try await test.look(verdict, title: title).count == 1)
  }

  @Test("a round of looks is one event with a letter for each, and the segment is kept under its digest")
  func rounds() async throws {
    let test = try await TestDesk()
    let unit = try await test.unit()
    let items = try await test.report((0..<3).map { "https://chorus.example/choir/\($0)" }, as: unit.analyst)
    try await test.refer(items, by: unit)
    try await test.deliver()
    #expect(try await test.desk.dueLooks(at: test.clock.now(), after: -1, limit: 10, as: test.owner).isEmpty)
    test.clock.move(bySeconds: 3_600)
    let due = try await test.desk.dueLooks(at: test.clock.now(), after: -1, limit: 10, as: test.owner)
    #expect(due.map(\.item) == items && due.map(\.pack) == ["chorus", "chorus", "chorus"])
    let findings = [
      LookFinding(verdict: .live, basis: .page, status: 200, title: "Song", pageDigest: [0xAB], pageBytes: 12),
      LookFinding(verdict: .removed, basis: .status404, status: 404),
      LookFinding(verdict: .unreachable, basis: .timeout),
    ]
    try await test.desk.record(findings, of: due, as: test.owner)
    let made = try #require(try await test.journal().compactMap { $0 as? LooksMade }.first)
    #expect(made.verdicts == "LRU" && made.items == due.map(\.reportIndex))
    let segment = try #require(test.blobs.bytes(of: made.segment))
    let lines = try segment.split(separator: 0x0A).map { try JSONObject(parsing: Array($0)) }
    #expect(lines.map { $0["verdict"] } == [.string("live"), .string("removed"), .string("unreachable")])
    #expect(try lines.map { try $0.text("item") } == items.map(\.description))
    #expect(lines[0]["page"] == .string("ab") && lines[2]["status"] == nil)
    #expect(try await test.count(ItemSeen.self) == 3)
    await #expect(throws: Refusal.self) { try await test.desk.record(findings, of: due, as: unit.coordinator) }
    #expect(try await test.faults() == [])
  }

  @Test("only a verdict that is another than the last one is an event of its own")
  func changes() async throws {
    let (test, _, item, _) = try await delivered()
    for verdict in [Verdict.live, .live, .unreachable, .removed, .removed] { try await lookIn(700, verdict, test) }
    let seen = try await test.journal().compactMap { $0 as? ItemSeen }
    #expect(seen.map(\.verdict) == [.live, .unreachable, .removed])
    let looks = try await test.journal().compactMap { $0 as? LooksMade }
    #expect(looks.map(\.verdicts) == ["L", "L", "U", "R", "R"])
    let liveness = try await test.work(item).liveness
    // It went between the second look, the last that found it, and the fourth.
    #expect(seen.last?.lastLiveAt == looks[1].lookedAt && liveness.lastLiveAt == looks[1].lookedAt)
    #expect(liveness.firstGoneAt == looks[3].lookedAt)
    #expect(try await test.faults() == [])
  }

  @Test("what a provider claims to have removed and is seen live is a contradiction, told once for each claim")
  func contradiction() async throws {
    let (test, _, item, referral) = try await delivered()
    let desk = try await test.providerDesk("chorus")
    try await lookIn(1, .live, test)
    #expect(try await test.count(ClaimContradicted.self) == 0)
    _ = try await test.answer(referral, .removed, as: desk)
    try await lookIn(6, .live, test)
    try await lookIn(24, .live, test)
    #expect(try await test.count(ClaimContradicted.self) == 1)
    #expect(
      try await test.desk.queue(.contradicted, operation: nil, Page(), as: test.owner).map(\.id) == [item])
    _ = try await test.answer(referral, .geoBlocked, as: desk)
    try await lookIn(72, .live, test)
    #expect(try await test.count(ClaimContradicted.self) == 1)
    _ = try await test.answer(referral, .disabled, as: desk)
    #expect(try await test.desk.queue(.contradicted, operation: nil, Page(), as: test.owner).isEmpty)
    try await lookIn(168, .live, test)
    #expect(try await test.count(ClaimContradicted.self) == 2)
    #expect(try await test.faults() == [])
  }

  @Test("another title at the same address is another page: the item was replaced")
  func replaced() async throws {
    let (test, _, item, _) = try await delivered()
    try await lookIn(1, .live, title: "The Song", test)
    try await lookIn(6, .live, title: "  the song ", test)
    #expect(try await test.count(ItemSeen.self) == 1)
    try await lookIn(24, .live, title: "Buy this domain", test)
    let seen = try #require(try await test.journal().compactMap { $0 as? ItemSeen }.last)
    #expect(seen.verdict == .replaced && seen.basis == .title && seen.title == nil)
    try await lookIn(72, .live, title: "Parked", test)
    #expect(try await test.count(ItemSeen.self) == 2)
    try await lookIn(168, .live, title: "The Song", test)
    #expect(try await test.count(ItemReappeared.self) == 1)
    #expect(try await test.work(item).hasReappeared)
    #expect(try await test.faults() == [])
  }

  @Test("an item that was seen gone and is found again by a look reappeared")
  func reappearanceByLook() async throws {
    let (test, _, item, _) = try await delivered()
    try await lookIn(1, .removed, test)
    try await lookIn(6, .live, test)
    let event = try #require(try await test.journal().compactMap { $0 as? ItemReappeared }.last)
    let looks = try await test.journal().compactMap { $0 as? LooksMade }
    #expect(event.cause == .look && event.goneAt == looks[0].lookedAt)
    #expect(try await test.desk.queue(.reappeared, operation: nil, Page(), as: test.owner).map(\.id) == [item])
    #expect(try await test.faults() == [])
  }

  @Test("an item that was seen gone and is reported again reappeared, told once until it is gone once more")
  func reappearanceByReport() async throws {
    let (test, unit, item, _) = try await delivered()
    try await test.report([Self.address], as: unit.analyst)
    #expect(try await test.count(ItemReappeared.self) == 0)
    try await lookIn(1, .removed, test)
    try await test.report([Self.address, Self.address + "#again"], as: unit.analyst)
    try await test.report([Self.address], as: unit.analyst)
    try await lookIn(6, .unreachable, test)
    try await test.report([Self.address], as: unit.analyst)
    let events = try await test.journal().compactMap { $0 as? ItemReappeared }
    #expect(events.map(\.cause) == [.report] && events.first?.item == item)
    try await lookIn(24, .live, test)
    try await lookIn(72, .removed, test)
    try await test.report([Self.address], as: unit.analyst)
    #expect(try await test.journal().compactMap { $0 as? ItemReappeared }.map(\.cause) == [.report, .look, .report])
    // Another agency's report of the same address says nothing about this one's item.
    let other = try await test.unit("Other")
    try await test.report([Self.address], as: other.analyst)
    #expect(try await test.count(ItemReappeared.self) == 3)
    #expect(try await test.faults() == [])
  }

  @Test("nine looks fall due at their offsets, and no tenth")
  func schedule() async throws {
    let (test, _, _, _) = try await delivered()
    let delivered = try #require(try await test.desk.nextLookDue(as: test.owner)).adding(
      seconds: -LookSchedule.offsets[0])
    for offset in LookSchedule.offsets {
      let due = delivered.adding(seconds: offset)
      #expect(try await test.desk.nextLookDue(as: test.owner) == due)
      test.clock.set(to: due)
      #expect(try await test.look(.removed).map(\.dueAt) == [due])
    }
    #expect(try await test.desk.nextLookDue(as: test.owner) == nil)
    test.clock.move(bySeconds: 1_000 * 86_400)
    #expect(try await test.look(.live).isEmpty)
    #expect(try await test.faults() == [])
  }

  @Test("an erased item is not looked at")
  func erased() async throws {
    let (test, _, item, _) = try await delivered()
    _ = try await test.desk.eraseItem(item, basis: .gdpr, as: test.owner)
    #expect(try await test.desk.nextLookDue(as: test.owner) == nil)
    test.clock.move(bySeconds: 3_600)
    #expect(try await test.look(.live).isEmpty)
    #expect(try await test.faults() == [])
  }
}
