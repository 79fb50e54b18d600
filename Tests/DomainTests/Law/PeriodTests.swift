import Domain
import Testing

/// Regulation (EEC, Euratom) No 1182/71, by which periods of Union law are computed.
@Suite("Periods of Regulation 1182/71")
struct PeriodTests {
  private let belgium = Places.belgium

  private func end(_ period: Period, _ event: String, in calendar: LegalCalendar) throws -> Instant? {
    period.end(from: try instant(event), reading: .regulation, in: calendar)
  }

  @Test(
    "Article 3(1): the hour of the event does not count, and the last hour runs out",
    arguments: [
      ("2026-11-25T10:17:30+01:00", 1, "2026-11-25T12:00:00+01:00"),
      ("2026-11-25T10:00:00+01:00", 1, "2026-11-25T12:00:00+01:00"),
      ("2026-11-25T10:59:59.999999+01:00", 1, "2026-11-25T12:00:00+01:00"),
      ("2026-11-25T11:00:00+01:00", 1, "2026-11-25T13:00:00+01:00"),
      ("2026-11-25T23:30:00+01:00", 48, "2026-11-28T00:00:00+01:00"),
    ])
  func hourOfTheEvent(event: String, hours: Int, expected: String) throws {
    #expect(try end(.hours(hours), event, in: belgium) == instant(expected))
  }

  @Test("Article 3(1): the hours are those of the place, also where they begin at half past the hour of UTC")
  func halfHourOffset() throws {
    let india = LegalCalendar(zone: Places.kolkata, holidays: .none)
    #expect(try end(.hours(1), "2026-11-25T10:17:30+05:30", in: india) == instant("2026-11-25T12:00:00+05:30"))
    #expect(try end(.hours(1), "2026-11-25T05:10:00Z", in: india) == instant("2026-11-25T06:30:00Z"))
  }

  @Test("Article 3(4): a period in hours is not extended by a week-end or a holiday")
  func hoursTakeNoNotice() throws {
    // Friday before Christmas on a Friday: every hour of it lies on a free day.
    #expect(
      try end(.hours(48), "2026-12-24T20:05:00+01:00", in: belgium) == instant("2026-12-26T21:00:00+01:00"))
  }

  @Test("Article 3(1) and (2)(b): the day of the event does not count, the last day runs to midnight")
  func days() throws {
    #expect(
      try end(.days(2), "2026-11-24T09:00:00+01:00", in: belgium) == instant("2026-11-27T00:00:00+01:00"))
  }

  @Test("Article 3(2)(c): a period in weeks ends on the day of the week of the event")
  func weeks() throws {
    #expect(
      try end(.weeks(2), "2026-11-25T09:00:00+01:00", in: belgium) == instant("2026-12-10T00:00:00+01:00"))
  }

  @Test(
    "Article 3(2)(c): a period in months ends on the same date, or on the last day of a month without it",
    arguments: [
      ("2026-05-27T09:00:00+02:00", 6, "2026-11-28T00:00:00+01:00"),
      // 31 August and six months: 28 February 2027 is a Sunday, 1 March a Monday.
      ("2026-08-31T09:00:00+02:00", 6, "2027-03-02T00:00:00+01:00"),
      // 29 February 2028 is a Tuesday.
      ("2027-08-31T09:00:00+02:00", 6, "2028-03-01T00:00:00+01:00"),
      ("2028-02-29T09:00:00+01:00", 12, "2029-03-01T00:00:00+01:00"),
    ])
  func months(event: String, months: Int, expected: String) throws {
    #expect(try end(.months(months), event, in: belgium) == instant(expected))
  }

  @Test(
    "Article 3(4): a last day that is a holiday, a Sunday or a Saturday moves to the end of the next working day",
    arguments: [
      // Saturday 12 December.
      ("2026-11-28T12:00:00+01:00", Period.weeks(2), "2026-12-15T00:00:00+01:00"),
      // Good Friday is no holiday in Belgium, Easter Monday is: 6 April 2026.
      ("2026-03-23T12:00:00+01:00", Period.weeks(2), "2026-04-08T00:00:00+02:00"),
      // Friday 25 December, then a week-end.
      ("2026-12-11T12:00:00+01:00", Period.weeks(2), "2026-12-29T00:00:00+01:00"),
      ("2026-09-25T12:00:00+02:00", Period.months(3), "2026-12-29T00:00:00+01:00"),
    ])
  func lastDayMoves(event: String, period: Period, expected: String) throws {
    #expect(try end(period, event, in: belgium) == instant(expected))
  }

  @Test("Article 3(4): holidays count where they lie inside the period")
  func holidaysInside() throws {
    #expect(
      try end(.weeks(2), "2026-12-21T12:00:00+01:00", in: belgium) == instant("2027-01-05T00:00:00+01:00"))
  }

  @Test("Article 3(5): a period of two days or more has at least two working days")
  func twoWorkingDays() throws {
    // Thursday 24 December; Friday is Christmas, then a week-end: Monday alone would be one.
    #expect(
      try end(.days(2), "2026-12-24T12:00:00+01:00", in: belgium) == instant("2026-12-30T00:00:00+01:00"))
    // One day is not two.
    #expect(
      try end(.days(1), "2026-12-24T12:00:00+01:00", in: belgium) == instant("2026-12-29T00:00:00+01:00"))
  }

  @Test("Article 5: a date does not move, be it a Sunday or a holiday")
  func datesDoNotMove() throws {
    // 28 February 2027 is a Sunday, 31 March 2029 a Saturday.
    #expect(
      try end(.before(Places.date("03-01")), "2026-05-05T12:00:00+02:00", in: belgium)
        == instant("2027-03-01T00:00:00+01:00"))
    #expect(
      try end(.by(Places.date("03-31")), "2028-05-05T12:00:00+02:00", in: belgium)
        == instant("2029-04-01T00:00:00+02:00"))
  }

  @Test(
    "an hour across the change of the clocks is still sixty minutes",
    arguments: ["2026-03-29T00:30:00Z", "2026-10-25T00:30:00Z"])
  func hourAcrossTheChange(event: String) throws {
    let event = try instant(event)
    #expect(Period.hours(1).end(from: event, reading: .strict, in: belgium) == event.adding(seconds: 3_600))
    #expect(Period.hours(1).end(from: event, reading: .regulation, in: belgium) == event.adding(seconds: 5_400))
  }

  @Test("a period in days across the change of the clocks ends at midnight of the place")
  func daysAcrossTheChange() throws {
    #expect(
      try end(.days(3), "2026-03-27T12:00:00+01:00", in: belgium) == instant("2026-04-01T00:00:00+02:00"))
    #expect(
      try end(.weeks(1), "2026-10-21T12:00:00+02:00", in: belgium) == instant("2026-10-29T00:00:00+01:00"))
  }

  @Test("the strict reading of weeks and months keeps the time on the wall")
  func strictKeepsTheWall() throws {
    let event = try instant("2026-09-30T18:20:00+02:00")
    #expect(
      Period.months(6).end(from: event, reading: .strict, in: belgium) == (try instant("2027-03-30T18:20:00+02:00")))
    #expect(
      Period.weeks(6).end(from: event, reading: .strict, in: belgium) == (try instant("2026-11-11T18:20:00+01:00")))
  }

  @Test("no period traps at the ends of time, and none ends before it begins")
  func extremes() {
    let earliest = Instant(microseconds: .min)
    let latest = Instant(microseconds: .max)
    for event in [earliest, latest] {
      for clock in LegalClock.allCases {
        for calendar in [belgium, .utc, LegalCalendar(zone: Places.kolkata, holidays: .none, appealPeriod: .months(1))]
        {
          let running = clock.start(at: event, in: calendar)
          #expect(running.startedAt == event)
          #expect(running.target >= event)
          #expect(running.legalEnd >= running.target)
          #expect(running.secondsLeft(at: latest) == 0)
        }
      }
    }
  }

  @Test("a country in which every day is free still comes to an end")
  func everyDayIsFree() throws {
    let rules = (1...12).flatMap { month in
      (1...31).compactMap { MonthDay(month: month, day: $0).map { HolidayRule(name: "free", day: .fixed($0)) } }
    }
    let calendar = LegalCalendar(zone: .utc, holidays: HolidayCalendar(rules))
    let event = try instant("2026-01-01T00:00:00Z")
    let end = try #require(Period.weeks(2).end(from: event, reading: .regulation, in: calendar))
    #expect(end > event)
  }
}
