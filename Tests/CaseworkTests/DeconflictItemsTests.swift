import Casework
import Domain
import Storage
import TestDesks
import TestPorts
import Testing

@Suite("Deconfliction, holds and clearance") struct DeconflictItemsTests {
  private static let address = "https://chorus.example/choir/song"

  /// Two agencies, the first of which has a confirmed item at the address.
  private func prepared() async throws -> (test: TestDesk, own: TestUnit, other: TestUnit, item: ID<Item>) {
    let test = try await TestDesk()
    let (own, other) = (try await test.unit(), try await test.unit("Other"))
    let item = try await test.report([Self.address], as: own.analyst)[0]
    try await test.assess([item], by: own)
    try await test.confirm([item], by: own)
    return (test, own, other, item)
  }

  private func inDays(_ days: Int64, _ test: TestDesk) -> Instant { test.clock.now().adding(seconds: days * 86_400) }

  private func refused(_ outcome: WorkOutcome?) -> String? {
    if case .refused(let refusal)? = outcome { refusal.description } else { nil }
  }

  @Test("nothing is cleared without two people, a check, and a check that is not a week old")
  func order() async throws {
    let (test, own, _, item) = try await prepared()
    let fresh = try await test.report(["https://chorus.example/choir/other"], as: own.analyst)[0]
    try await test.assess([fresh], by: own)
    _ = try await test.desk.deconflict([fresh], as: own.officer)
    #expect(
      refused(try await test.desk.clear([fresh], as: own.officer).first)
        == "two people have to find the item referable first")
    #expect(
      refused(try await test.desk.clear([item], as: own.officer).first) == "the item has to be deconflicted first")
    _ = try await test.desk.deconflict([item], as: own.officer)
    test.clock.move(bySeconds: Desk.checkSeconds)
    #expect(refused(try await test.desk.clear([item], as: own.officer).first)?.contains("too old") == true)
    #expect(try await test.desk.queue(.deconflict, operation: nil, Page(), as: own.officer).map(\.id) == [item])
    _ = try await test.desk.deconflict([item], as: own.officer)
    #expect(try await test.desk.queue(.clear, operation: nil, Page(), as: own.officer).map(\.id) == [item])
    #expect(refused(try await test.desk.clear([item], as: own.officer).first) == nil)
    #expect(try await test.work(item).clearance(at: test.clock.now()) != nil)
    #expect(try await test.desk.queue(.refer, operation: nil, Page(), as: own.coordinator).map(\.id) == [item])
    #expect(try await test.faults() == [])
  }

  @Test("deconflicting and clearing in one step clears only what two people confirmed")
  func inOneStep() async throws {
    let (test, own, _, item) = try await prepared()
    let fresh = try await test.report(["https://chorus.example/choir/other"], as: own.analyst)[0]
    let size = try await test.size()
    #expect(
      try await test.desk.deconflictAndClear([fresh, item, item], as: own.officer)
        == [.recorded(size), .recorded(size + 2), .refused(.invalid("the item is named twice in one request"))])
    #expect(try await test.count(ItemCleared.self) == 1)
    let cleared = try await test.journal().compactMap { $0 as? ItemCleared }.first
    #expect(cleared?.check == size + 1)
    #expect(try await test.faults() == [])
  }

  @Test("an interest holds others' items until its end, and tells neither who asks nor who has the item")
  func interest() async throws {
    let (test, own, other, item) = try await prepared()
    let until = inDays(3, test)
    let interest = try await test.desk.registerInterest(
      in: Self.address + "#fragment", until: until, note: "case 7", as: other.officer)
    _ = try await test.desk.deconflictAndClear([item], as: own.officer)
    let work = try await test.work(item)
    #expect(work.deconfliction?.result == .interest && work.deconfliction?.heldUntil == until)
    #expect(refused(try await test.desk.clear([item], as: own.officer).first)?.contains("asks to wait until") == true)
    #expect(try await test.desk.queue(.held, operation: nil, Page(), as: own.officer).map(\.id) == [item])
    #expect(try await test.desk.queue(.clear, operation: nil, Page(), as: own.officer).isEmpty)
    // Nothing in what the owner of the item can read names the agency that asks, its people or its case.
    let dossier = try await test.desk.dossier(item, as: own.officer)
    let told = dossier.history.map { "\($0.actorName ?? "") \($0.facts) \($0.personal ?? "")" }.joined()
    for secret in [
      "Other", "case 7", other.agency.description, other.officer.user.id.description, interest.description,
    ] {
      #expect(!told.contains(secret), "\(secret)")
    }
    // Whoever asks does not learn that there is an item.
    #expect(try await test.desk.items(Page(), as: other.analyst).isEmpty)
    #expect(try await test.desk.items(at: [Self.address], as: other.analyst) == [nil])
    await #expect(throws: Refusal.notFound("such item")) { try await test.desk.dossier(item, as: other.analyst) }
    #expect(try await test.faults() == [])
  }

  @Test("an agency's own interest holds nobody's item of its own")
  func ownInterest() async throws {
    let (test, own, _, item) = try await prepared()
    _ = try await test.desk.registerInterest(in: Self.address, until: inDays(3, test), note: nil, as: own.officer)
    _ = try await test.desk.deconflictAndClear([item], as: own.officer)
    #expect(try await test.work(item).deconfliction?.result == Deconfliction.Result.none)
    #expect(try await test.work(item).clearance(at: test.clock.now()) != nil)
  }

  @Test("an interest ends within ninety days, and is withdrawn by its own agency alone")
  func interestRules() async throws {
    let (test, own, other, item) = try await prepared()
    for until in [test.clock.now().adding(seconds: -1), inDays(91, test)] {
      await #expect(throws: Refusal.self) {
        try await test.desk.registerInterest(in: Self.address, until: until, note: nil, as: other.officer)
      }
    }
    await #expect(throws: Refusal.self) {
      try await test.desk.registerInterest(in: "mailto:x", until: inDays(1, test), note: nil, as: other.officer)
    }
    let id = try await test.desk.registerInterest(
      in: Self.address, until: inDays(9, test), note: nil, as: other.officer)
    _ = try await test.desk.deconflict([item], as: own.officer)
    for caller in [own.officer, own.prosecutor] {
      await #expect(throws: Refusal.notFound("such interest")) { try await test.desk.withdrawInterest(id, as: caller) }
    }
    try await test.desk.withdrawInterest(id, as: other.prosecutor)
    await #expect(throws: Refusal.notFound("such interest")) {
      try await test.desk.withdrawInterest(id, as: other.prosecutor)
    }
    // The hold that rested on it ends at the next check, which clears.
    #expect(try await test.work(item).deconfliction?.isHeld(at: test.clock.now()) == true)
    _ = try await test.desk.deconflictAndClear([item], as: own.officer)
    #expect(try await test.work(item).clearance(at: test.clock.now()) != nil)
    #expect(try await test.count(HoldLifted.self) == 1)
    #expect(try await test.faults() == [])
  }

  @Test("what another agency refers already is a duplicate, until it is retracted")
  func duplicate() async throws {
    let (test, own, other, item) = try await prepared()
    let theirs = try await test.report([Self.address], as: other.analyst)
    try await test.refer(theirs, by: other)
    _ = try await test.desk.deconflictAndClear([item], as: own.officer)
    #expect(try await test.work(item).deconfliction?.result == .duplicate)
    #expect(
      refused(try await test.desk.clear([item], as: own.officer).first) == "another agency refers it already")
    let told = try await test.desk.dossier(item, as: own.officer).history.map(\.facts).joined()
    #expect(!told.contains(other.agency.description) && !told.contains(theirs[0].description))
    _ = try await test.desk.retract([RetractionDraft(item: theirs[0], reason: "x")], as: other.coordinator)
    _ = try await test.desk.deconflictAndClear([item], as: own.officer)
    #expect(try await test.work(item).clearance(at: test.clock.now()) != nil)
    #expect(try await test.faults() == [])
  }

  @Test("a hold ends at its instant; the workers put it on record, once")
  func expiry() async throws {
    let (test, own, other, item) = try await prepared()
    _ = try await test.desk.registerInterest(in: Self.address, until: inDays(2, test), note: nil, as: other.officer)
    _ = try await test.desk.deconflict([item], as: own.officer)
    let end = try #require(try await test.desk.nextHoldEnd(as: test.owner))
    #expect(try await test.desk.liftExpiredHolds(as: test.owner) == 0)
    await #expect(throws: Refusal.self) { try await test.desk.liftExpiredHolds(as: own.officer) }
    test.clock.set(to: end)
    #expect(try await test.desk.liftExpiredHolds(as: test.owner) == 1)
    #expect(try await test.desk.liftExpiredHolds(as: test.owner) == 0)
    #expect(try await test.desk.nextHoldEnd(as: test.owner) == nil)
    #expect(try await test.desk.queue(.released, operation: nil, Page(), as: own.officer).map(\.id) == [item])
    #expect(refused(try await test.desk.clear([item], as: own.officer).first) == nil)
    #expect(try await test.faults() == [])
  }

  @Test("a hold is overridden by a named person with a reason, and only the hold that was seen")
  func override() async throws {
    let (test, own, other, item) = try await prepared()
    func attempt(_ hold: Int64, _ reason: String) async throws -> WorkOutcome? {
      try await test.desk.overrideHolds(
        [OverrideDraft(item: item, hold: hold, reason: reason)], as: own.prosecutor
      ).first
    }
    #expect(refused(try await attempt(1, "why")) == "nobody asks to wait for this item")
    _ = try await test.desk.registerInterest(in: Self.address, until: inDays(2, test), note: nil, as: other.officer)
    _ = try await test.desk.deconflict([item], as: own.officer)
    let hold = try #require(try await test.work(item).holdIndex)
    #expect(try await attempt(hold - 1, "why") == .refused(.stale("the hold")))
    #expect(refused(try await attempt(hold, "")) != nil)
    await #expect(throws: Refusal.notPermitted(.overrideHolds)) {
      try await test.desk.overrideHolds([OverrideDraft(item: item, hold: hold, reason: "why")], as: own.officer)
    }
    #expect(refused(try await attempt(hold, "an attack is announced")) == nil)
    #expect(refused(try await attempt(hold, "again")) == "nobody asks to wait for this item")
    let entry = try #require(try await test.desk.dossier(item, as: own.analyst).history.last)
    #expect(entry.actorName == "own prosecutor" && entry.personal?.contains("an attack is announced") == true)
    #expect(refused(try await test.desk.clear([item], as: own.officer).first) == nil)
    _ = try await test.referAgain([item], by: own)
    #expect(try await test.faults() == [])
  }

  @Test("an interest that is registered after the check counts when the item is cleared and when it is referred")
  func interestMeanwhile() async throws {
    let (test, own, other, item) = try await prepared()
    _ = try await test.desk.deconflict([item], as: own.officer)
    _ = try await test.desk.registerInterest(in: Self.address, until: inDays(2, test), note: nil, as: other.officer)
    #expect(refused(try await test.desk.clear([item], as: own.officer).first)?.contains("too old") == true)
    let second = "https://chorus.example/choir/second"
    let later = try await test.report([second], as: own.analyst)[0]
    try await test.clear([later], by: own)
    let interest = try await test.desk.registerInterest(
      in: second, until: inDays(2, test), note: nil, as: other.officer)
    let draft = ReferralDraft(item: later)
    #expect(refused(try await test.desk.refer([draft], as: own.coordinator).first)?.contains("too old") == true)
    try await test.desk.withdrawInterest(interest, as: other.officer)
    #expect(refused(try await test.desk.refer([draft], as: own.coordinator).first) == nil)
    #expect(try await test.faults() == [])
  }

  @Test("a hold that is placed while a referral waits keeps it back until the hold ends")
  func holdWhileWaiting() async throws {
    let (test, own, other, item) = try await prepared()
    let leaves = inDays(1, test)
    _ = try await test.desk.deconflictAndClear([item], as: own.officer)
    try await test.referAgain([item], release: .at(leaves), by: own)
    let until = inDays(3, test)
    _ = try await test.desk.registerInterest(in: Self.address, until: until, note: nil, as: other.officer)
    #expect(try await test.desk.nextReferralDue(as: test.owner) == leaves)
    _ = try await test.desk.deconflict([item], as: own.officer)
    #expect(try await test.desk.nextReferralDue(as: test.owner) == until)
    test.clock.move(bySeconds: 2 * 86_400)
    #expect(try await test.outbound().isEmpty)
    test.clock.set(to: until)
    #expect(try await test.outbound().map(\.item) == [item])
    #expect(try await test.faults() == [])
  }
}
