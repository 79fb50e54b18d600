import Domain
import Testing

/// C11, C12, C17 and C20: silence, preservation, complaints, threats to life.
@Suite("The clocks of safeguards")
struct SafeguardClockTests {
  private let belgium = Places.belgium

  @Test("Article 11(3): silence lasts six weeks at most from the decision, read strictly")
  func sixWeeks() throws {
    let decided = try instant("2026-11-25T10:17:30+01:00")
    let clock = NonDisclosurePeriod(decidedAt: decided).clock(in: belgium)
    #expect(clock == LegalClock.nonDisclosure.start(at: decided, in: belgium))
    #expect(clock.target == (try instant("2027-01-06T10:17:30+01:00")))
    for party in ClockParty.allCases { #expect(clock.safeEnd(for: party) == clock.target) }
  }

  @Test("Article 11(3): it is extended once, by six weeks, and never beyond twelve from the decision")
  func twelveWeeks() throws {
    let decided = try instant("2026-11-25T10:17:30+01:00")
    let period = NonDisclosurePeriod(decidedAt: decided)
    let extended = try #require(period.extended(at: try instant("2027-01-05T09:00:00+01:00"), in: belgium))
    #expect(extended.isExtended)
    #expect(extended.clock(in: belgium).target == (try instant("2027-02-17T10:17:30+01:00")))
    #expect(extended.clock(in: belgium).startedAt == decided)
    #expect(extended.extended(at: try instant("2027-01-05T09:00:00+01:00"), in: belgium) == nil)
  }

  @Test("Article 11(3): what has ended is not extended")
  func endedIsNotExtended() throws {
    let period = NonDisclosurePeriod(decidedAt: try instant("2026-11-25T10:17:30+01:00"))
    #expect(period.extended(at: try instant("2027-01-06T10:17:29.999999+01:00"), in: belgium) != nil)
    #expect(period.extended(at: try instant("2027-01-06T10:17:30+01:00"), in: belgium) == nil)
  }

  @Test("Article 6(2): six months of preservation; what must be kept is kept until the later reading ends")
  func sixMonths() throws {
    let removed = try instant("2026-08-31T10:17:30+02:00")
    let clock = LegalClock.preservation.start(at: removed, in: belgium)
    #expect(clock.target == (try instant("2027-02-28T10:17:30+01:00")))
    #expect(clock.safeEnd == (try instant("2027-03-02T00:00:00+01:00")))
  }

  @Test("Article 6(1) and (2): only an order or a specific measure preserves; a referral does not")
  func referralPreservesNothing() {
    let rule = LegalClock.preservation.rule
    #expect(rule.start.contains("an order or a specific measure"))
    #expect(rule.note?.contains("a referral preserves nothing") == true)
  }

  @Test("Article 10(2): two weeks to tell the outcome of a complaint; elsewhere a clock of the house")
  func complaint() throws {
    let clock = LegalClock.complaint.start(at: try instant("2026-11-25T10:17:30+01:00"), in: belgium)
    #expect(clock.target == (try instant("2026-12-09T10:17:30+01:00")))
    #expect(clock.legalEnd == (try instant("2026-12-10T00:00:00+01:00")))
    #expect(LegalClock.complaint.rule.note?.contains("a clock of the house") == true)
  }

  @Test("Article 14(5): a threat to life has no time to wait")
  func threat() throws {
    let known = try instant("2026-11-29T03:00:00+01:00")
    #expect(LegalClock.threatToLife.start(at: known, in: belgium).stage(at: known) == .over)
  }
}
