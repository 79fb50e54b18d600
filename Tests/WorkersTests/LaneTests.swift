import Casework
import Domain
import Locators
import Storage
import TestDesks
import TestPorts
import Testing
import Wire
import Workers

@Suite("Workers beside other processes") struct LaneTests {
  /// One record and as many processes as wanted.
  private struct Stage {
    let test: TestDesk
    let unit: TestUnit
    let courier = ScriptedCourier()

    init() async throws {
      test = try await TestDesk()
      unit = try await test.unit()
    }

    func refer(_ count: Int, at host: String = "chorus.example/choir") async throws {
      let items = try await test.report((0..<count).map { "https://\(host)/\($0)" }, as: unit.analyst)
      try await test.refer(items, by: unit)
    }

    func process(_ number: UInt64) -> (keeper: LeaseKeeper, dispatcher: Dispatcher) {
      let keeper = LeaseKeeper(
        store: test.desk.store, clock: test.clock, holder: Identifier(high: 9, low: number))
      let dispatcher = Dispatcher(
        desk: test.desk, caller: test.owner, courier: courier, routes: .scripted, sender: "Unit",
        keeper: keeper)
      return (keeper, dispatcher)
    }

    func run(_ dispatcher: Dispatcher) async throws -> Int64? {
      let now = test.clock.now()
      let next = try await dispatcher.runDue(at: now)
      await dispatcher.settle()
      return next.map { ($0.microseconds - now.microseconds) / 1_000_000 }
    }
  }

  @Test("two processes deliver each message once, one request at a time for each provider")
  func dispatch() async throws {
    let stage = try await Stage()
    try await stage.refer(10)
    try await stage.refer(4, at: "depot.example/f")
    let (first, second) = (stage.process(1), stage.process(2))
    let now = stage.test.clock.now()
    async let one = first.dispatcher.runDue(at: now)
    async let two = second.dispatcher.runDue(at: now)
    _ = try await (one, two)
    for dispatcher in [first.dispatcher, second.dispatcher] {
      await dispatcher.settle()
      _ = try await stage.run(dispatcher)
    }
    let keys = stage.courier.deliveries.flatMap(\.messages).map(\.idempotencyKey)
    #expect(keys.count == 14 && Set(keys).count == 14)
    #expect(stage.courier.mostAtOnce == ["https://chorus.example/api": 1, "https://depot.example/hook": 1])
    #expect(try await stage.test.count(DispatchDelivered.self) == 14)
    #expect(try await stage.test.faults() == [])
  }

  @Test("a process takes its share of the lanes, and gives the rest to one that joins")
  func share() async throws {
    let stage = try await Stage()
    try await stage.refer(1)
    try await stage.refer(1, at: "depot.example/f")
    let (first, second) = (stage.process(1).keeper, stage.process(2).keeper)
    let names = ["dispatch/a", "dispatch/b"]
    #expect(try await first.hold(names, of: "dispatch").map(\.name) == names)
    #expect(try await second.hold(names, of: "dispatch").isEmpty)
    #expect(try await first.hold(names, of: "dispatch", busy: ["dispatch/a"]).map(\.name) == ["dispatch/a"])
    #expect(try await second.hold(names, of: "dispatch").map(\.name) == ["dispatch/b"])
    try await first.handBackAll()
    #expect(try await second.hold(names, of: "dispatch").map(\.name) == names)
  }

  @Test("when to try again stays with the lane: a restarted process waits as long, and then counts on")
  func retryAfter() async throws {
    let stage = try await Stage()
    try await stage.refer(1)
    stage.courier.script(ScriptedCourier.status(429, retryAfter: 7), ScriptedCourier.status(503))
    _ = try await stage.run(stage.process(1).dispatcher)
    let restarted = stage.process(2).dispatcher
    // The clock of the test goes on by a millisecond each time it is read.
    #expect(try await stage.run(restarted) == 6)
    #expect(stage.courier.parcels.count == 1)
    stage.test.clock.move(bySeconds: 7)
    _ = try await stage.run(restarted)
    // The second failure in a row.
    #expect(try await stage.run(stage.process(3).dispatcher) == 119)
    stage.test.clock.move(bySeconds: 120)
    _ = try await stage.run(stage.process(4).dispatcher)
    #expect(try await stage.test.journal().compactMap { ($0 as? DispatchDelivered)?.attempts } == [3])
    #expect(try await stage.test.faults() == [])
  }

  @Test("a reply that comes after the lease has run out is not recorded by who waited for it")
  func stalled() async throws {
    let stage = try await Stage()
    try await stage.refer(1)
    let clock = stage.test.clock
    stage.courier.script { delivery, parcel in
      clock.move(bySeconds: 31)
      return ScriptedCourier.accept(delivery, parcel)
    }
    let stalled = stage.process(1)
    _ = try await stage.run(stalled.dispatcher)
    #expect(try await stage.test.count(DispatchDelivered.self) == 0)
    #expect(stage.courier.parcels.count == 1)
    _ = try await stage.run(stage.process(2).dispatcher)
    #expect(try await stage.test.count(DispatchDelivered.self) == 1)
    let keys = stage.courier.deliveries.map { $0.messages.map(\.idempotencyKey) }
    #expect(keys.count == 2 && keys[0] == keys[1])
  }

  @Test("what another has recorded meanwhile is recorded once: a delivery, a look, whatever the lease says")
  func once() async throws {
    let stage = try await Stage()
    try await stage.refer(2)
    let test = stage.test
    let messages = try await test.outbound()
    let delivered = messages.map { DeliveredMessage.of($0, .accepted(reference: nil, answer: nil)) }
    #expect(try await test.desk.record(Array(delivered.prefix(1)), as: test.owner).count == 1)
    #expect(try await test.desk.record(delivered, as: test.owner).map(\.message) == [messages[1]])
    #expect(try await test.count(DispatchDelivered.self) == 2)
    test.clock.move(bySeconds: 3_700)
    let due = try await test.desk.dueLooks(at: test.clock.now(), after: -1, limit: 10, as: test.owner)
    let findings = due.map { _ in LookFinding(verdict: .removed, basis: .status404, status: 404) }
    #expect(try await test.desk.record(findings, of: due, as: test.owner) == [.removed, .removed])
    #expect(try await test.desk.record(findings, of: due, as: test.owner) == [])
    #expect(try await test.count(LooksMade.self) == 1)
    #expect(try await test.count(ItemSeen.self) == 2)
    #expect(try await test.faults() == [])
  }

  @Test("looks of two processes are made once, each provider's by one of them")
  func looks() async throws {
    let stage = try await Stage()
    try await stage.refer(250)
    try await stage.test.deliver()
    stage.test.clock.move(bySeconds: 3_700)
    let prober = ScriptedProber()
    for number in 1...2 {
      let looks = Looks(
        desk: stage.test.desk, caller: stage.test.owner, prober: prober, keeper: stage.process(UInt64(number)).keeper)
      _ = try await looks.runDue(at: stage.test.clock.now())
      await looks.settle()
    }
    #expect(prober.rounds.map(\.count) == [200, 50])
    let looked = try await stage.test.journal().compactMap { ($0 as? LooksMade)?.items }.joined()
    #expect(looked.count == 250 && Set(looked).count == 250)
    #expect(try await stage.test.faults() == [])
  }

  @Test("looks that were missed for days are made up for an hour apart")
  func pacedLooks() async throws {
    let stage = try await Stage()
    try await stage.refer(1)
    try await stage.test.deliver()
    stage.test.clock.move(bySeconds: 10 * 86_400)
    let prober = ScriptedProber()
    let looks = Looks(desk: stage.test.desk, caller: stage.test.owner, prober: prober)
    var pauses: [Int64] = []
    for _ in 0..<4 {
      let now = stage.test.clock.now()
      let next = try #require(try await looks.runDue(at: now))
      pauses.append((next.microseconds - now.microseconds) / 3_600_000_000)
      stage.test.clock.set(to: next)
    }
    #expect(pauses == [1, 1, 1, 1])
    #expect(prober.rounds.map(\.count) == [1, 1, 1, 1])
    #expect(try await stage.test.faults() == [])
  }

  @Test("one process ends holds and signs checkpoints; another does once the first is gone")
  func singles() async throws {
    let stage = try await Stage()
    let (desk, owner, clock) = (stage.test.desk, stage.test.owner, stage.test.clock)
    let (first, second) = (stage.process(1).keeper, stage.process(2).keeper)
    let signing = Checkpoints(desk: desk, caller: owner, keeper: first)
    let waiting = Checkpoints(desk: desk, caller: owner, keeper: second)
    let now = clock.now()
    #expect(try await signing.runDue(at: now) == now.adding(seconds: 3_600))
    #expect(try await waiting.runDue(at: now) == nil)
    // Called after every commit, it signs every hour.
    #expect(try await signing.runDue(at: now.adding(seconds: 5)) == now.adding(seconds: 3_600))
    try await first.handBackAll()
    #expect(try await waiting.runDue(at: now) == now.adding(seconds: 3_600))
  }
}
