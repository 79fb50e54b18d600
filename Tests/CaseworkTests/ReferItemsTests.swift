import Casework
import Domain
import Storage
import TestDesks
import TestPorts
import Testing

@Suite("Referring, answering, retracting") struct ReferItemsTests {
  private func prepared(items: Int = 1) async throws -> (test: TestDesk, unit: TestUnit, items: [ID<Item>]) {
    let test = try await TestDesk()
    let unit = try await test.unit()
    let items = try await test.report((0..<items).map { "https://chorus.example/choir/\($0)" }, as: unit.analyst)
    return (test, unit, items)
  }

  private func refused(_ outcome: WorkOutcome?) -> String? {
    if case .refused(let refusal)? = outcome { refusal.description } else { nil }
  }

  @Test("a referral needs two people and a valid clearance, and an address that is still known")
  func proofs() async throws {
    let (test, unit, items) = try await prepared(items: 2)
    func attempt(_ item: ID<Item>) async throws -> String? {
      refused(try await test.desk.refer([ReferralDraft(item: item)], as: unit.coordinator).first)
    }
    #expect(try await attempt(items[0]) == "two people have to find the item referable first")
    try await test.assess(items, by: unit)
    #expect(try await attempt(items[0]) == "two people have to find the item referable first")
    try await test.confirm(items, by: unit)
    #expect(try await attempt(items[0]) == "the item has to be deconflicted and cleared first")
    _ = try await test.desk.deconflict(items, as: unit.officer)
    #expect(try await attempt(items[0]) == "the item has to be deconflicted and cleared first")
    _ = try await test.desk.clear(items, as: unit.officer)
    test.clock.move(bySeconds: Desk.checkSeconds)
    #expect(try await attempt(items[0]) == "the item has to be deconflicted and cleared first")
    _ = try await test.desk.deconflictAndClear(items, as: unit.officer)
    _ = try await test.desk.eraseItem(items[1], basis: .led, as: test.owner)
    #expect(try await attempt(items[1]) == "the item's address was erased")
    #expect(try await test.count(ItemReferred.self) == 0)
    #expect(try await attempt(items[0]) == nil)
    let event = try #require(try await test.journal().compactMap { $0 as? ItemReferred }.first)
    let work = try await test.work(items[0])
    #expect(event.assessment == work.assessment?.index && event.categories == [.incite, .threat])
    #expect(work.referral?.state == .waiting && work.referral?.id == event.referral)
    #expect(try await attempt(items[0]) == "a referral of this item is on its way")
    #expect(try await test.faults() == [])
  }

  @Test("a rejected item is not cleared and not referred, however many agree")
  func rejected() async throws {
    let (test, unit, items) = try await prepared()
    let draft = AssessmentDraft(
      item: items[0], decision: .reject, categories: [], exemptions: .noneApplies, reasons: nil)
    _ = try await test.desk.assess([draft], as: unit.analyst)
    try await test.confirm(items, by: unit)
    _ = try await test.desk.deconflictAndClear(items, as: unit.officer)
    #expect(try await test.work(items[0]).clearance(at: test.clock.now()) == nil)
    let outcome = try await test.desk.refer([ReferralDraft(item: items[0])], as: unit.coordinator).first
    #expect(refused(outcome) == "two people have to find the item referable first")
  }

  @Test("a referral leaves at its moment: at once, at an instant, never before")
  func moments() async throws {
    let (test, unit, items) = try await prepared(items: 3)
    try await test.clear(items, by: unit)
    let later = test.clock.now().adding(seconds: 3_600)
    let past = test.clock.now().adding(seconds: -3_600)
    _ = try await test.desk.refer(
      [
        ReferralDraft(item: items[0]), ReferralDraft(item: items[1], release: .at(later)),
        ReferralDraft(item: items[2], release: .at(past)),
      ], as: unit.coordinator)
    #expect(try await test.outbound().map(\.item) == [items[0], items[2]])
    try await test.deliver()
    #expect(try await test.desk.nextReferralDue(as: test.owner) == later)
    test.clock.set(to: later)
    #expect(try await test.deliver().map(\.item) == [items[1]])
    #expect(try await test.desk.nextReferralDue(as: test.owner) == nil)
    await #expect(throws: Refusal.self) {
      try await test.desk.outbound(at: later, limit: 1, as: unit.coordinator)
    }
    #expect(try await test.faults() == [])
  }

  @Test("what waits for the H-hour leaves together at it, stays when it is called off, and follows when it is moved")
  func hHour() async throws {
    let test = try await TestDesk()
    let unit = try await test.unit()
    let operation = try await test.desk.openOperation("Lights", as: unit.coordinator)
    let items = try await test.report(
      (0..<3).map { "https://chorus.example/choir/\($0)" }, operation: "lights", as: unit.analyst)
    let loner = try await test.report(["https://chorus.example/alone/1"], as: unit.analyst)
    try await test.clear(loner, by: unit)
    let outcome = try await test.desk.refer([ReferralDraft(item: loner[0], release: .hHour)], as: unit.coordinator)
    #expect(refused(outcome.first) == "only an operation has an H-hour, and the item belongs to none")
    try await test.refer(items, release: .hHour, by: unit)
    test.clock.move(bySeconds: 86_400)
    #expect(try await test.outbound().isEmpty)
    #expect(try await test.desk.nextReferralDue(as: test.owner) == nil)
    let hour = test.clock.now().adding(seconds: 600)
    try await test.desk.setHHour(hour, of: operation, as: unit.coordinator)
    #expect(try await test.outbound().isEmpty)
    #expect(try await test.desk.nextReferralDue(as: test.owner) == hour)
    try await test.desk.setHHour(nil, of: operation, as: unit.coordinator)
    test.clock.set(to: hour)
    #expect(try await test.outbound().isEmpty)
    let moved = test.clock.now().adding(seconds: 600)
    try await test.desk.setHHour(moved, of: operation, as: unit.coordinator)
    test.clock.set(to: moved)
    #expect(try await test.deliver().map(\.item) == items)
    #expect(try await test.faults() == [])
  }

  @Test("an answer is taken once, from the provider that has the referral, after it has it; a later word replaces it")
  func answers() async throws {
    let (test, unit, items) = try await prepared()
    let (desk, stranger) = (try await test.providerDesk("chorus"), try await test.providerDesk("depot"))
    let referral = try await test.refer(items, by: unit)[0]
    #expect(try await test.answer(referral, .removed, as: desk) == .unexpected)
    try await test.deliver()
    let size = try await test.size()
    #expect(try await test.answer(referral, .removed, as: stranger) == .unknown)
    #expect(try await test.answer(ID(Identifier(high: 1, low: 1)), .removed, as: desk) == .unknown)
    #expect(try await test.answer(ID(items[0].identifier), .removed, as: desk) == .unknown)
    #expect(try await test.size() == size)
    #expect(try await test.answer(referral, .refused, as: desk) == .recorded)
    #expect(try await test.answer(referral, .refused, as: desk) == .repeated)
    // Late, months after: its last word counts.
    test.clock.move(bySeconds: 200 * 86_400)
    #expect(try await test.answer(referral, .removed, as: desk) == .recorded)
    guard case .answered(.removed, _)? = try await test.work(items[0]).referral?.state else {
      Issue.record("the last word counts")
      return
    }
    #expect(try await test.count(ReferralAnswered.self) == 2)
    #expect(try await test.faults() == [])
  }

  @Test("answers in one request are taken in their order; keys that are no identifier are unknown")
  func manyAnswers() async throws {
    let (test, unit, items) = try await prepared(items: 2)
    let desk = try await test.providerDesk("chorus")
    let referrals = try await test.refer(items, by: unit)
    try await test.deliver()
    func answer(_ key: String, _ outcome: ProviderOutcome) -> ProviderAnswer {
      ProviderAnswer(
        idempotencyKey: key, outcome: outcome, reason: nil, reference: "T", decidedAt: test.clock.now())
    }
    let outcomes = try await test.desk.recordAnswers(
      [
        answer(referrals[0].description, .partly), answer("nonsense", .removed),
        answer(referrals[0].description, .partly), answer(referrals[0].description, .removed),
        answer(referrals[1].description, .notFound),
      ], as: desk)
    #expect(outcomes == [.recorded, .unknown, .repeated, .recorded, .recorded])
    #expect(try await test.desk.recordAnswers([], as: desk) == [])
    let idle = try await test.caller([.provider], name: "idle")
    await #expect(throws: Refusal.self) { try await test.desk.recordAnswers([], as: idle) }
    await #expect(throws: Refusal.notPermitted(.answerReferrals)) {
      try await test.desk.recordAnswers([], as: unit.coordinator)
    }
    #expect(try await test.faults() == [])
  }

  @Test("a provider's desk sees nothing but what it answers")
  func desks() async throws {
    let (test, unit, items) = try await prepared()
    let desk = try await test.providerDesk("chorus")
    await #expect(throws: Refusal.notPermitted(.readItems)) { try await test.desk.items(Page(), as: desk) }
    await #expect(throws: Refusal.notPermitted(.readItems)) { try await test.desk.dossier(items[0], as: desk) }
    for (pack, name) in [("chorus", "desk of chorus"), ("nowhere", "own analyst"), ("chorus", "own analyst")] {
      await #expect(throws: Refusal.self) {
        try await test.desk.connectProvider(pack: pack, to: name, as: test.owner)
      }
    }
    await #expect(throws: Refusal.notPermitted(.manageUsers)) {
      try await test.desk.connectProvider(pack: "depot", to: "desk of chorus", as: unit.coordinator)
    }
    #expect(try await test.faults() == [])
  }

  @Test("retracted before it left, a referral does not leave, and nobody is told")
  func retractedBefore() async throws {
    let (test, unit, items) = try await prepared()
    let desk = try await test.providerDesk("chorus")
    let outcomes = try await test.desk.retract([RetractionDraft(item: items[0], reason: "x")], as: unit.coordinator)
    #expect(refused(outcomes.first) == "the item was not referred")
    let referral = try await test.refer(items, by: unit)[0]
    let empty = try await test.desk.retract([RetractionDraft(item: items[0], reason: "")], as: unit.coordinator)
    #expect(refused(empty.first) != nil)
    _ = try await test.desk.retract([RetractionDraft(item: items[0], reason: "a mistake")], as: unit.coordinator)
    #expect(try await test.outbound().isEmpty)
    #expect(try await test.answer(referral, .removed, as: desk) == .unexpected)
    let again = try await test.desk.retract([RetractionDraft(item: items[0], reason: "x")], as: unit.coordinator)
    #expect(refused(again.first) == "the referral was retracted before")
    // Taken back, it can be made anew.
    #expect(try await test.referAgain(items, by: unit) != [referral])
    #expect(try await test.faults() == [])
  }

  @Test("retracted after it was delivered, a referral is recalled once")
  func retractedAfter() async throws {
    let (test, unit, items) = try await prepared()
    let referral = try await test.refer(items, by: unit)[0]
    try await test.deliver()
    _ = try await test.desk.retract([RetractionDraft(item: items[0], reason: "a mistake")], as: unit.coordinator)
    let recalls = try await test.deliver()
    #expect(recalls.map(\.kind) == [.retraction] && recalls.map(\.id) == [referral])
    #expect(try await test.outbound().isEmpty)
    #expect(try await test.count(RecallDelivered.self) == 1)
    #expect(try await test.faults() == [])
  }

  @Test("retracted while it was on its way, a referral that the provider took is recalled")
  func retractedOnItsWay() async throws {
    let (test, unit, items) = try await prepared()
    try await test.refer(items, by: unit)
    let onItsWay = try await test.outbound()
    _ = try await test.desk.retract([RetractionDraft(item: items[0], reason: "a mistake")], as: unit.coordinator)
    try await test.desk.record(
      onItsWay.map { .of($0, .accepted(reference: "T-9", answer: nil)) }, as: test.owner)
    #expect(try await test.outbound().map(\.kind) == [.retraction])
    try await test.deliver()
    #expect(try await test.outbound().isEmpty)
    #expect(try await test.faults() == [])
  }

  @Test("a provider that has an item is not asked again, unless it refused or the item came back")
  func again() async throws {
    let (test, unit, items) = try await prepared()
    let desk = try await test.providerDesk("chorus")
    let first = try await test.refer(items, by: unit)[0]
    try await test.deliver()
    func attempt() async throws -> String? {
      refused(try await test.desk.refer([ReferralDraft(item: items[0])], as: unit.coordinator).first)
    }
    #expect(try await attempt() == "the provider has a referral of this item")
    _ = try await test.answer(first, .refused, as: desk)
    #expect(try await attempt() == nil)
    let second = try #require(try await test.work(items[0]).referral?.id)
    try await test.deliver()
    _ = try await test.answer(second, .removed, as: desk)
    #expect(try await attempt() == "the provider has a referral of this item")
    test.clock.move(bySeconds: 3_600)
    try await test.look(.removed)
    #expect(try await attempt() == "the provider has a referral of this item")
    test.clock.move(bySeconds: 6 * 3_600)
    try await test.look(.live)
    _ = try await test.desk.deconflictAndClear(items, as: unit.officer)
    #expect(try await attempt() == nil)
    try await test.deliver()
    // One reappearance is a reason for one referral.
    #expect(try await attempt() == "the provider has a referral of this item")
    #expect(try await test.count(ItemReferred.self) == 3)
    #expect(try await test.faults() == [])
  }

  @Test("what a provider's interface refuses stays with its reason, and is not sent again")
  func refusedByTheInterface() async throws {
    let (test, unit, items) = try await prepared()
    try await test.refer(items, by: unit)
    try await test.deliver(.refused(reason: "not one of ours"))
    #expect(try await test.outbound().isEmpty)
    let event = try await test.journal().compactMap { $0 as? DispatchRefused }.first
    #expect(event?.reason == "not one of ours")
    #expect(try await test.faults() == [])
  }

  @Test("a reply that decides at once is a delivery and an answer")
  func decidedAtOnce() async throws {
    let (test, unit, items) = try await prepared(items: 2)
    try await test.refer(items, by: unit)
    let messages = try await test.outbound()
    try await test.desk.record(
      messages.reversed().map { message in
        let answer = ProviderAnswer(
          idempotencyKey: message.id.description, outcome: .removed, reason: nil, reference: "T-1",
          decidedAt: test.clock.now())
        return .of(message, .accepted(reference: "T-1", answer: answer))
      }, as: test.owner)
    let events = try await test.journal().suffix(4).map { ($0.type, $0.subject) }
    #expect(
      events.map(\.0) == [.dispatchDelivered, .dispatchDelivered, .referralAnswered, .referralAnswered])
    // In the order of the items, whatever the order in which the replies came.
    #expect(events.map(\.1) == (items.sorted() + items.sorted()).map(\.identifier))
    #expect(try await test.faults() == [])
  }

  @Test("the steps that a dossier offers are the ones that the use cases take")
  func steps() async throws {
    let (test, unit, items) = try await prepared()
    func possible(_ caller: Caller) async throws -> [NextStep.Kind] {
      try await test.desk.dossier(items[0], as: caller).steps.filter(\.isPossible).map(\.kind)
    }
    #expect(try await possible(unit.analyst) == [.assess])
    #expect(try await possible(unit.reviewer) == [])
    try await test.assess(items, by: unit)
    #expect(try await possible(unit.reviewer) == [.confirm])
    try await test.confirm(items, by: unit)
    #expect(try await possible(unit.officer) == [.deconflict])
    _ = try await test.desk.deconflict(items, as: unit.officer)
    #expect(try await possible(unit.officer) == [.deconflict, .clear])
    #expect(try await possible(unit.coordinator) == [])
    _ = try await test.desk.clear(items, as: unit.officer)
    #expect(try await possible(unit.coordinator) == [.refer])
    try await test.referAgain(items, by: unit)
    #expect(try await possible(unit.coordinator) == [.retract])
    #expect(try await possible(unit.analyst) == [])
  }
}
