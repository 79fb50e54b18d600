import Domain
import Testing

/// C1 to C4 and C13: the clocks of a removal order.
@Suite("The clocks of a removal order")
struct OrderClockTests {
  private let belgium = Places.belgium

  @Test("Article 3(3): the hour runs from receipt, not from sending")
  func hourRunsFromReceipt() throws {
    let rule = LegalClock.removal.rule
    #expect(rule.period == .hours(1))
    #expect(rule.start.contains("receives"))
    let received = try instant("2026-11-25T10:17:30+01:00")
    let clock = LegalClock.removal.start(at: received, in: belgium)
    #expect(clock.startedAt == received)
    #expect(clock.target == received.adding(seconds: 3_600))
  }

  @Test("Article 3(3): sixty minutes are the target, and nobody is in breach before the legal reading ends")
  func bothReadingsOfTheHour() throws {
    let clock = LegalClock.removal.start(at: try instant("2026-11-25T10:17:30+01:00"), in: belgium)
    #expect(clock.legalEnd == (try instant("2026-11-25T12:00:00+01:00")))
    #expect(clock.safeEnd == clock.target)
    #expect(clock.safeEnd(for: .provider) == clock.target)
    #expect(clock.safeEnd(for: .issuingAuthority) == clock.legalEnd)
  }

  @Test(
    "Article 3(3): the hour is over at its last microsecond",
    arguments: [(Int64(3_599_999_999), RunningClock.Stage.near), (3_600_000_000, .due)])
  func edgeOfTheHour(microseconds: Int64, stage: RunningClock.Stage) throws {
    let received = try instant("2026-11-25T10:17:30+01:00")
    let clock = LegalClock.removal.start(at: received, in: belgium)
    #expect(clock.stage(at: Instant(microseconds: received.microseconds + microseconds)) == stage)
  }

  @Test("Article 3(2): twelve hours at least; the later reading is the safe one, for everybody")
  func twelveHours() throws {
    let clock = LegalClock.firstContact.start(at: try instant("2026-11-25T08:40:00+01:00"), in: belgium)
    #expect(clock.target == (try instant("2026-11-25T20:40:00+01:00")))
    #expect(clock.legalEnd == (try instant("2026-11-25T21:00:00+01:00")))
    #expect(clock.safeEnd == clock.legalEnd)
    for party in ClockParty.allCases { #expect(clock.safeEnd(for: party) == clock.legalEnd) }
  }

  @Test("Article 3(2): twelve hours run through a Sunday")
  func twelveHoursOnSunday() throws {
    let clock = LegalClock.firstContact.start(at: try instant("2026-11-29T01:00:00+01:00"), in: belgium)
    #expect(clock.legalEnd == (try instant("2026-11-29T14:00:00+01:00")))
  }

  @Test("Article 3(7): when the obstacle ends, a full hour begins; nothing is paused")
  func hourAnewAfterTheObstacle() throws {
    let received = try instant("2026-11-25T10:00:00+01:00")
    let ended = try instant("2026-11-25T16:45:00+01:00")
    let first = LegalClock.removal.start(at: received, in: belgium)
    let second = NewHour.obstacleEnded(at: ended).clock(in: belgium)
    #expect(second.clock == .removal)
    #expect(second.target == ended.adding(seconds: 3_600))
    #expect(
      second.target.microseconds - second.startedAt.microseconds == first.target.microseconds - received.microseconds)
    #expect(second.legalEnd == (try instant("2026-11-25T18:00:00+01:00")))
    #expect(NewHour.obstacleEnded(at: ended).article == "Article 3(7)")
  }

  @Test("Article 3(8): when the clarification is received, a full hour begins")
  func hourAnewAfterTheClarification() throws {
    let received = try instant("2026-11-25T11:01:00+01:00")
    let hour = NewHour.clarificationReceived(at: received)
    #expect(hour.article == "Article 3(8)")
    #expect(hour.clock(in: belgium) == LegalClock.removal.start(at: received, in: belgium))
  }

  @Test(
    "Article 3(6), (7) and (8): where the law says no number, the target is the house's and no reading of the law",
    arguments: [LegalClock.feedback, .obstacle, .scrutinyNotice])
  func houseTargets(clock: LegalClock) throws {
    let event = try instant("2026-11-25T10:17:30+01:00")
    let rule = clock.rule
    #expect(rule.period == .withoutUndueDelay)
    let target = try #require(rule.houseTarget)
    let running = clock.start(at: event, in: belgium)
    #expect(running.target == target.end(from: event, reading: .strict, in: belgium))
    #expect(running.legalEnd == running.target)
  }

  @Test("only clocks without a number in the law have a target of the house")
  func houseTargetsOnlyThere() {
    for clock in LegalClock.allCases {
      #expect((clock.rule.houseTarget != nil) == (clock.rule.period == .withoutUndueDelay), "\(clock)")
    }
  }

  @Test("Article 3(9): without a confirmed national period no order becomes final by time")
  func noPeriodNoFinality() throws {
    let clock = LegalClock.appeal.start(at: try instant("2026-11-25T10:00:00Z"), in: belgium)
    #expect(!clock.hasEnd)
    #expect(clock.stage(at: try instant("9999-12-01T00:00:00Z")) == .running)
  }

  @Test("Article 3(9): the appeal period is the country's, and the later reading makes an order final")
  func nationalPeriod() throws {
    let calendar = LegalCalendar(zone: belgium.zone, holidays: belgium.holidays, appealPeriod: .days(60))
    // The sixtieth day, 24 January 2027, is a Sunday.
    let clock = LegalClock.appeal.start(at: try instant("2026-11-25T10:00:00+01:00"), in: calendar)
    #expect(clock.safeEnd == (try instant("2027-01-26T00:00:00+01:00")))
    #expect(clock.target == (try instant("2027-01-24T10:00:00+01:00")))
  }
}
