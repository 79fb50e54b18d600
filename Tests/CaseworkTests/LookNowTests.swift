import Casework
import Domain
import Storage
import TestDesks
import TestPorts
import Testing

@Suite("Looking at once") struct LookNowTests {
  /// Finds the same wherever it looks.
  private struct Sure: Prober {
    let verdict: Verdict

    func look(at targets: [LookTarget]) async -> [LookFinding] {
      targets.map { _ in LookFinding(verdict: verdict, basis: .status, status: 404) }
    }
  }

  @Test("a look by hand is recorded by whoever looked, and is none of the nine")
  func recorded() async throws {
    let test = try await TestDesk()
    let unit = try await test.unit()
    let item = try await test.report(["https://chorus.example/choir/song"], as: unit.analyst)[0]
    try await test.refer([item], by: unit)
    try await test.deliver()
    let next = try await test.desk.nextLookDue(as: test.owner)
    test.clock.move(bySeconds: 60)
    let look = try await test.desk.lookNow(at: item, with: Sure(verdict: .removed), as: unit.coordinator)
    let made = try #require(try await test.journal().compactMap { $0 as? LooksMade }.first)
    #expect(made.isByHand && made.verdicts == "R" && made.lookedAt == look.lookedAt && look.verdict == .removed)
    #expect(try await test.work(item).liveness.firstGoneAt == look.lookedAt)
    #expect(try await test.desk.nextLookDue(as: test.owner) == next)
    _ = try await test.desk.lookNow(at: item, with: Sure(verdict: .live), as: unit.analyst)
    #expect(try await test.count(ItemReappeared.self) == 1)
    test.clock.move(bySeconds: 3_600)
    #expect(try await test.look(.live).count == 1)
    #expect(try await test.faults() == [])
  }

  @Test("it is refused without a role for it, without a prober, and before a provider has the item")
  func refused() async throws {
    let test = try await TestDesk()
    let unit = try await test.unit()
    let stranger = try await test.unit("Another unit")
    let item = try await test.report(["https://chorus.example/choir/song"], as: unit.analyst)[0]
    let prober = Sure(verdict: .live)
    func refusal(_ prober: (any Prober)?, as caller: Caller) async -> Refusal? {
      do { _ = try await test.desk.lookNow(at: item, with: prober, as: caller) } catch { return error as? Refusal }
      return nil
    }
    let early = await refusal(prober, as: unit.analyst)
    guard case .notNow? = early else { throw early ?? Refusal.notSignedIn }
    try await test.refer([item], by: unit)
    try await test.deliver()
    let size = try await test.size()
    #expect(await refusal(prober, as: unit.officer) == .notPermitted(.lookAtItems))
    #expect(await refusal(prober, as: stranger.analyst) == .notFound("such item"))
    guard case .notNow? = await refusal(nil, as: unit.analyst) else { throw Refusal.notSignedIn }
    #expect(try await test.size() == size)
    _ = try await test.desk.eraseItem(item, basis: .gdpr, as: test.owner)
    guard case .notNow? = await refusal(prober, as: unit.analyst) else { throw Refusal.notSignedIn }
    #expect(try await test.faults() == [])
  }
}
