import Casework
import Domain
import Locators
import Storage
import TestDesks
import TestPorts
import Testing
import Wire
import Workers

@Suite("The dispatcher") struct DispatcherTests {
  private struct Stage {
    let test: TestDesk
    let unit: TestUnit
    let courier = ScriptedCourier()
    let dispatcher: Dispatcher

    init() async throws {
      test = try await TestDesk()
      unit = try await test.unit()
      dispatcher = DispatcherTests.dispatcher(test, courier)
    }

    /// Items of a host that wait to leave.
    @discardableResult
    func refer(_ count: Int, at host: String = "chorus.example/choir") async throws -> [ID<Item>] {
      let items = try await test.report((0..<count).map { "https://\(host)/\($0)" }, as: unit.analyst)
      try await test.refer(items, by: unit)
      return items
    }

    /// What the dispatcher does now, and in how many seconds it wants to be called again.
    func run() async throws -> Int64? {
      let now = test.clock.now()
      return try await dispatcher.runDue(at: now).map { ($0.microseconds - now.microseconds) / 1_000_000 }
    }
  }

  private static func dispatcher(_ test: TestDesk, _ courier: ScriptedCourier) -> Dispatcher {
    Dispatcher(desk: test.desk, caller: test.owner, courier: courier, routes: .scripted, sender: "Unit")
  }

  @Test("messages leave in the batches of their route, in the order in which they were made, each with its own key")
  func batches() async throws {
    let stage = try await Stage()
    let items = try await stage.refer(7)
    #expect(try await stage.run() == nil)
    let deliveries = stage.courier.deliveries
    #expect(deliveries.map(\.messages.count) == [3, 3, 1])
    let messages = deliveries.flatMap(\.messages)
    #expect(messages.map(\.locator) == (0..<7).map { "https://chorus.example/choir/\($0)" })
    #expect(Set(messages.map(\.idempotencyKey)).count == 7)
    #expect(messages.allSatisfy { $0.kind == .referral && $0.categories == [.incite, .threat] })
    #expect(messages.allSatisfy { $0.originator == "Unit" } && deliveries.allSatisfy { $0.sender == "Unit" })
    #expect(Set(deliveries.map(\.delivery)).count == 3)
    #expect(stage.courier.parcels.allSatisfy { $0.authentication == .bearer("secret") })
    for item in items {
      guard case .delivered? = try await stage.test.work(item).referral?.state else {
        Issue.record("\(item) was not delivered")
        continue
      }
    }
    #expect(try await stage.run() == nil)
    #expect(stage.courier.parcels.count == 3)
    #expect(try await stage.test.faults() == [])
  }

  @Test("one request at a time for each provider, providers beside one another, recorded in the order of the items")
  func concurrency() async throws {
    let stage = try await Stage()
    let items = try await stage.refer(10) + stage.refer(4, at: "depot.example/f")
    #expect(try await stage.run() == nil)
    #expect(stage.courier.mostAtOnce == ["https://chorus.example/api": 1, "https://depot.example/hook": 1])
    let delivered = try await stage.test.journal().compactMap { ($0 as? DispatchDelivered)?.item }
    #expect(delivered == items.sorted())
    #expect(try await stage.test.faults() == [])
  }

  @Test("after a failure the pause doubles up to an hour, and nothing is sent before it is over")
  func backoff() async throws {
    let stage = try await Stage()
    try await stage.refer(1)
    var pauses: [Int64?] = []
    for number in 0..<9 {
      stage.courier.script(number.isMultiple(of: 2) ? ScriptedCourier.status(503) : ScriptedCourier.lost)
      let pause = try await stage.run()
      pauses.append(pause)
      stage.test.clock.move(bySeconds: (pause ?? 0) - 1)
      _ = try await stage.run()
      #expect(stage.courier.parcels.count == number + 1)
      stage.test.clock.move(bySeconds: 1)
    }
    #expect(pauses == [60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600])
    #expect(try await stage.run() == nil)
    let delivered = try await stage.test.journal().compactMap { $0 as? DispatchDelivered }
    #expect(delivered.map(\.attempts) == [10])
    #expect(try await stage.test.faults() == [])
  }

  @Test("a provider that says when to come again is asked then; others do not wait for it")
  func retryAfter() async throws {
    let stage = try await Stage()
    try await stage.refer(1)
    stage.courier.script(ScriptedCourier.status(429, retryAfter: 7))
    #expect(try await stage.run() == 7)
    let others = try await stage.refer(1, at: "depot.example/f")
    _ = try await stage.run()
    #expect(stage.courier.deliveries.last?.messages.map(\.locator) == ["https://depot.example/f/0"])
    #expect(try await stage.test.work(others[0]).liveness.verdict == nil)
    stage.test.clock.move(bySeconds: 7)
    #expect(try await stage.run() == nil)
    #expect(try await stage.test.count(DispatchDelivered.self) == 2)
  }

  @Test("a lost acknowledgement is sent again with the same keys and has one effect")
  func lostAcknowledgement() async throws {
    let stage = try await Stage()
    try await stage.refer(3)
    stage.courier.script(ScriptedCourier.lost, ScriptedCourier.repeated)
    #expect(try await stage.run() == 60)
    #expect(try await stage.test.count(DispatchDelivered.self) == 0)
    stage.test.clock.move(bySeconds: 60)
    #expect(try await stage.run() == nil)
    let keys = stage.courier.deliveries.map { $0.messages.map(\.idempotencyKey) }
    #expect(keys.count == 2 && keys[0] == keys[1])
    let delivered = try await stage.test.journal().compactMap { $0 as? DispatchDelivered }
    #expect(delivered.map(\.attempts) == [2, 2, 2] && Set(delivered.map(\.referral)).count == 3)
    #expect(try await stage.test.faults() == [])
  }

  @Test("alone, a restarted program forgets its pauses and tries at once")
  func restart() async throws {
    let stage = try await Stage()
    try await stage.refer(1)
    stage.courier.script(ScriptedCourier.lost, ScriptedCourier.repeated)
    #expect(try await stage.run() == 60)
    let restarted = Self.dispatcher(stage.test, stage.courier)
    #expect(try await restarted.runDue(at: stage.test.clock.now()) == nil)
    #expect(stage.courier.parcels.count == 2)
    #expect(try await stage.test.count(DispatchDelivered.self) == 1)
  }

  @Test("a reply that leaves messages out says nothing about them: they are sent again")
  func partialReply() async throws {
    let stage = try await Stage()
    let items = try await stage.refer(3)
    stage.courier.script(
      { delivery, _ in ScriptedCourier.answer([(delivery.messages[1].idempotencyKey, .accepted)]) },
      { _, _ in ScriptedCourier.answer([("somebody else's", .accepted)]) })
    #expect(try await stage.run() == 60)
    #expect(try await stage.test.journal().compactMap { ($0 as? DispatchDelivered)?.item } == [items[1]])
    // The rest is asked about again; a reply that settles nothing is a failure like others.
    stage.test.clock.move(bySeconds: 60)
    #expect(try await stage.run() == 120)
    stage.test.clock.move(bySeconds: 120)
    _ = try await stage.run()
    #expect(stage.courier.deliveries.map(\.messages.count) == [3, 2, 2])
    #expect(try await stage.test.count(DispatchDelivered.self) == 3)
    #expect(try await stage.test.faults() == [])
  }

  @Test("a message that the provider rejects is refused with its reason; the others of its batch are delivered")
  func rejected() async throws {
    let stage = try await Stage()
    let items = try await stage.refer(3)
    stage.courier.script { delivery, _ in
      ScriptedCourier.answer(
        delivery.messages.enumerated().map { ($0.element.idempotencyKey, $0.offset == 1 ? .rejected : .accepted) })
    }
    #expect(try await stage.run() == nil)
    let refused = try await stage.test.journal().compactMap { $0 as? DispatchRefused }
    #expect(refused.map(\.item) == [items[1]] && refused.map(\.reason) == ["not one of ours"])
    #expect(try await stage.test.count(DispatchDelivered.self) == 2)
    #expect(try await stage.run() == nil)
    #expect(stage.courier.parcels.count == 1)
    #expect(try await stage.test.faults() == [])
  }

  @Test("a request that the interface does not understand is not sent again", arguments: [400, 422])
  func badRequest(status: Int) async throws {
    let stage = try await Stage()
    try await stage.refer(2)
    stage.courier.script(ScriptedCourier.status(status))
    #expect(try await stage.run() == nil)
    let refused = try await stage.test.journal().compactMap { $0 as? DispatchRefused }
    #expect(refused.count == 2 && refused.allSatisfy { $0.reason?.contains("\(status)") == true })
    #expect(try await stage.test.faults() == [])
  }

  @Test("a request that is too large is cut in half until it is taken, or holds one message that is not")
  func tooLarge() async throws {
    let stage = try await Stage()
    try await stage.refer(3)
    stage.courier.script(ScriptedCourier.status(413))
    #expect(try await stage.run() == nil)
    #expect(stage.courier.deliveries.map(\.messages.count) == [3, 1, 1, 1])
    #expect(try await stage.test.count(DispatchDelivered.self) == 3)
    #expect(try await stage.test.faults() == [])
  }

  @Test("what may pass is tried again", arguments: [401, 403, 404, 408, 425, 429, 500, 502, 503])
  func passing(status: Int) async throws {
    let stage = try await Stage()
    try await stage.refer(1)
    stage.courier.script(ScriptedCourier.status(status))
    #expect(try await stage.run() == 60)
    stage.test.clock.move(bySeconds: 60)
    #expect(try await stage.run() == nil)
    #expect(try await stage.test.count(DispatchDelivered.self) == 1)
  }

  @Test("a provider that decides at once has answered")
  func decidedAtOnce() async throws {
    let stage = try await Stage()
    let items = try await stage.refer(1)
    stage.courier.script { delivery, _ in
      ScriptedCourier.answer(delivery.messages.map { ($0.idempotencyKey, .accepted) }, outcome: .removed)
    }
    _ = try await stage.run()
    guard case .answered(.removed, _)? = try await stage.test.work(items[0]).referral?.state else {
      Issue.record("the answer is not on record")
      return
    }
    #expect(try await stage.test.faults() == [])
  }

  @Test("a webhook's 2xx is an acknowledgement whatever it says; an API's is not")
  func acknowledgements() async throws {
    let stage = try await Stage()
    try await stage.refer(2, at: "depot.example/f")
    stage.courier.script(ScriptedCourier.status(204))
    #expect(try await stage.run() == nil)
    #expect(try await stage.test.count(DispatchDelivered.self) == 2)
    try await stage.refer(1)
    stage.courier.script(ScriptedCourier.status(200))
    #expect(try await stage.run() == 60)
    #expect(try await stage.test.count(DispatchDelivered.self) == 2)
  }

  @Test("a retraction is told once to a provider that has the referral, with the referral's key")
  func recalls() async throws {
    let stage = try await Stage()
    let items = try await stage.refer(2)
    _ = try await stage.run()
    _ = try await stage.test.desk.retract(
      [RetractionDraft(item: items[1], reason: "a newspaper")], as: stage.unit.coordinator)
    stage.courier.script(ScriptedCourier.status(500))
    #expect(try await stage.run() == 60)
    stage.test.clock.move(bySeconds: 60)
    #expect(try await stage.run() == nil)
    #expect(try await stage.run() == nil)
    let last = stage.courier.deliveries.suffix(2).flatMap(\.messages)
    #expect(last.map(\.kind) == [.retraction, .retraction] && stage.courier.parcels.count == 3)
    #expect(last.first?.idempotencyKey == stage.courier.deliveries[0].messages[1].idempotencyKey)
    #expect(try await stage.test.count(RecallDelivered.self) == 1)
    #expect(try await stage.test.faults() == [])
  }

  @Test("what has no route stays in the outbox, and nobody is called for it")
  func noRoute() async throws {
    let stage = try await Stage()
    let items = try await stage.refer(1, at: "unknown.example/a") + stage.refer(1, at: "lantern.example/beacon")
    #expect(try await stage.run() == nil)
    #expect(stage.courier.parcels.isEmpty)
    #expect(try await stage.test.outbound().map(\.item).sorted() == items.sorted())
  }

  @Test("the dispatcher says when the next referral leaves by itself")
  func nextDue() async throws {
    let stage = try await Stage()
    let items = try await stage.test.report(["https://chorus.example/choir/1"], as: stage.unit.analyst)
    try await stage.test.clear(items, by: stage.unit)
    let later = stage.test.clock.now().adding(seconds: 5_000)
    try await stage.test.referAgain(items, release: .at(later), by: stage.unit)
    #expect(try await stage.dispatcher.runDue(at: stage.test.clock.now()) == later)
    #expect(stage.courier.parcels.isEmpty)
    stage.test.clock.set(to: later)
    #expect(try await stage.run() == nil)
    #expect(stage.courier.parcels.count == 1)
  }
}
