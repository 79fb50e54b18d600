import Casework
import Crypto
import Domain
import Storage
import TestDesks
import TestPorts
import Testing
import Workers

@Suite("The workers that look and that end holds") struct LooksTests {
  private func delivered(_ count: Int) async throws -> (test: TestDesk, items: [ID<Item>]) {
    let test = try await TestDesk()
    let unit = try await test.unit()
    var items: [ID<Item>] = []
    for start in stride(from: 0, to: count, by: 1_000) {
      let page = try await test.report(
        (start..<min(start + 1_000, count)).map { "https://chorus.example/choir/\($0)" }, as: unit.analyst)
      try await test.refer(page, by: unit)
      try await test.deliver()
      items += page
    }
    return (test, items)
  }

  @Test("nine looks at their offsets, each asked for by its instant, and no tenth")
  func nineLooks() async throws {
    let (test, items) = try await delivered(2)
    let prober = ScriptedProber()
    let looks = Looks(desk: test.desk, caller: test.owner, prober: prober)
    prober.set(.removed, at: "https://chorus.example/choir/1")
    var due = try await looks.runDue(at: test.clock.now())
    let first = try #require(due)
    var seconds: [Int64] = []
    while let next = due {
      seconds.append((next.microseconds - first.microseconds) / 1_000_000)
      #expect(prober.rounds.count == seconds.count - 1)
      test.clock.set(to: next)
      due = try await looks.runDue(at: next)
      #expect(due != next)
    }
    #expect(seconds == LookSchedule.offsets.map { $0 - LookSchedule.offsets[0] })
    #expect(prober.rounds.count == 9 && prober.rounds.allSatisfy { $0.count == 2 })
    #expect(prober.rounds[0].map(\.pack) == ["chorus", "chorus"])
    let rounds = try await test.journal().compactMap { $0 as? LooksMade }
    #expect(rounds.map(\.verdicts) == Array(repeating: "LR", count: 9))
    for round in rounds {
      let segment = try #require(test.blobs.bytes(of: round.segment))
      #expect(Array(SHA256.hash(data: segment)) == round.segment)
    }
    #expect(try await test.work(items[1]).liveness.verdict == .removed)
    test.clock.move(bySeconds: 1_000 * 86_400)
    #expect(try await looks.runDue(at: test.clock.now()) == nil)
    #expect(prober.rounds.count == 9)
    #expect(try await test.faults() == [])
  }

  @Test("more than two thousand looks are made in rounds of two thousand, each item once")
  func manyPages() async throws {
    let (test, items) = try await delivered(2_003)
    let prober = ScriptedProber()
    test.clock.move(bySeconds: 3_700)
    let next = try await Looks(desk: test.desk, caller: test.owner, prober: prober).runDue(at: test.clock.now())
    #expect(prober.rounds.map(\.count) == [2_000, 3])
    #expect(Set(prober.rounds.joined().map(\.url)).count == items.count)
    #expect(next.map { $0 > test.clock.now() } == true)
    #expect(try await test.count(LooksMade.self) == 2)
    #expect(try await test.faults() == [])
  }

  @Test("holds whose time is over are lifted, and the next end is told")
  func deadlines() async throws {
    let test = try await TestDesk()
    let (own, other) = (try await test.unit(), try await test.unit("Other"))
    let addresses = (0..<3).map { "https://chorus.example/choir/\($0)" }
    let items = try await test.report(addresses, as: own.analyst)
    for (number, address) in addresses.enumerated() {
      let until = test.clock.now().adding(seconds: Int64(number + 1) * 86_400)
      _ = try await test.desk.registerInterest(in: address, until: until, note: nil, as: other.officer)
    }
    _ = try await test.desk.deconflict(items, as: own.officer)
    let deadlines = Deadlines(desk: test.desk, caller: test.owner)
    var lifted: [Int] = []
    var due = try await deadlines.runDue(at: test.clock.now())
    while let next = due {
      lifted.append(try await test.count(HoldLifted.self))
      test.clock.set(to: next)
      due = try await deadlines.runDue(at: next)
    }
    #expect(lifted == [0, 1, 2])
    #expect(try await test.count(HoldLifted.self) == 3)
    #expect(try await test.faults() == [])
  }

  @Test("a checkpoint is signed every hour")
  func checkpoints() async throws {
    let test = try await TestDesk()
    let now = test.clock.now()
    let next = try await Checkpoints(desk: test.desk, caller: test.owner).runDue(at: now)
    #expect(next == now.adding(seconds: 3_600))
    #expect(try await test.desk.store.read { try $0.checkpoint(at: 1) } != nil)
  }
}
