import Domain
import Testing

/// Days, places and holidays: what periods are computed from.
@Suite("Calendars as data")
struct CalendarTests {
  @Test("days of the week, dates and their text")
  func days() throws {
    let day = try #require(CalendarDay("2026-11-25"))
    #expect(day.weekday == .wednesday)
    #expect((day.year, day.month, day.day) == (2026, 11, 25))
    #expect(day.description == "2026-11-25")
    #expect(CalendarDay(year: 1969, month: 12, day: 31)?.weekday == .wednesday)
    for text in ["2026-02-29", "2026-13-01", "2026-1-01", "26-01-01", "2026-11-25T", "", "2026-11-3x"] {
      #expect(CalendarDay(text) == nil, "\(text)")
    }
    #expect(CalendarDay("2028-02-29") != nil)
  }

  @Test("months are added to the same date or to the last day, in both directions")
  func months() throws {
    let day = try #require(CalendarDay("2026-08-31"))
    #expect(day.adding(months: 6).description == "2027-02-28")
    #expect(day.adding(months: 18).description == "2028-02-29")
    #expect(day.adding(months: -2).description == "2026-06-30")
    #expect(day.adding(months: 4).description == "2026-12-31")
    #expect(day.adding(months: -12).description == "2025-08-31")
  }

  @Test(
    "Easter of the western and of the orthodox churches",
    arguments: [
      (2024, "2024-03-31", "2024-05-05"), (2025, "2025-04-20", "2025-04-20"), (2026, "2026-04-05", "2026-04-12"),
      (2027, "2027-03-28", "2027-05-02"), (2028, "2028-04-16", "2028-04-16"), (2038, "2038-04-25", "2038-04-25"),
      (2100, "2100-03-28", "2100-05-02"),
    ])
  func easter(year: Int, western: String, orthodox: String) {
    #expect(HolidayRule(name: "Easter", day: .easter(0)).date(in: year)?.description == western)
    #expect(HolidayRule(name: "Pascha", day: .orthodoxEaster(0)).date(in: year)?.description == orthodox)
  }

  @Test("the first day of a name on or after a date")
  func weekdayRules() {
    let midsummer = HolidayRule(name: "Midsummer", day: .first(.saturday, onOrAfter: Places.date("06-20")))
    #expect(midsummer.date(in: 2026)?.description == "2026-06-20")
    #expect(midsummer.date(in: 2027)?.description == "2027-06-26")
  }

  @Test("a date that takes another one's place in some years")
  func instead() {
    let kingsDay = HolidayRule(
      name: "King's Day", day: .fixed(Places.date("04-27")),
      instead: HolidayRule.Instead(date: Places.date("04-26"), when: .saturday))
    #expect(kingsDay.date(in: 2025)?.description == "2025-04-26")
    #expect(kingsDay.date(in: 2026)?.description == "2026-04-27")
  }

  @Test("a holiday has its first and its last year")
  func years() {
    let rule = HolidayRule(name: "x", day: .fixed(Places.date("05-05")), from: 2020, until: 2023)
    #expect([2019, 2020, 2023, 2024].map { rule.date(in: $0) != nil } == [false, true, true, false])
    let leapDay = HolidayRule(name: "x", day: .fixed(Places.date("02-29")))
    #expect(leapDay.date(in: 2026) == nil && leapDay.date(in: 2028) != nil)
  }

  @Test("a holiday on a weekend gives the next working day where the law says so, each its own")
  func substitutes() throws {
    let rules = ["12-24", "12-25", "12-26"].map {
      HolidayRule(name: $0, day: .fixed(Places.date($0)), isSubstituted: true)
    }
    let calendar = HolidayCalendar(rules)
    // 2022: Saturday to Monday.
    let days = calendar.holidays(in: 2022).map { "\($0.day)\($0.isSubstitute ? "*" : "")" }
    #expect(days == ["2022-12-24", "2022-12-25", "2022-12-26", "2022-12-27*", "2022-12-28*"])
    #expect(calendar.isHoliday(try #require(CalendarDay("2022-12-28"))))
    #expect(calendar.isWorkingDay(try #require(CalendarDay("2022-12-29"))))
  }

  @Test("a substitute that falls into the next year is known there")
  func substituteInTheNextYear() throws {
    let calendar = HolidayCalendar([
      HolidayRule(name: "last day", day: .fixed(Places.date("12-31")), isSubstituted: true)
    ])
    // 31 December 2022 is a Saturday.
    #expect(calendar.isHoliday(try #require(CalendarDay("2023-01-02"))))
  }

  @Test("what the wall shows, and when, across both changes of the clocks")
  func zones() throws {
    let zone = Places.brussels
    #expect(zone.local(try instant("2026-03-29T00:59:59Z")).description == "2026-03-29 01:59:59")
    #expect(zone.local(try instant("2026-03-29T01:00:00Z")).description == "2026-03-29 03:00:00")
    let day = try #require(CalendarDay("2026-03-29"))
    let hour: Int64 = 3_600_000_000
    // 02:30 is left out: an hour later. In October it comes twice: the first.
    #expect(
      zone.instant(of: LocalTime(day: day, microsecondOfDay: 5 * hour / 2))
        == (try instant("2026-03-29T03:30:00+02:00")))
    let october = try #require(CalendarDay("2026-10-25"))
    #expect(
      zone.instant(of: LocalTime(day: october, microsecondOfDay: 5 * hour / 2))
        == (try instant("2026-10-25T02:30:00+02:00")))
    #expect(zone.start(of: october) == (try instant("2026-10-25T00:00:00+02:00")))
    #expect(Places.dublin.offset(at: try instant("2026-07-01T00:00:00Z")) == 3_600)
  }

  @Test("wall and instant lead back to each other at every hour of two years")
  func roundTrip() throws {
    var instant = try instant("2026-01-01T00:30:00Z")
    let end = try DomainTests.instant("2028-01-01T00:00:00Z")
    while instant < end {
      let back = Places.brussels.instant(of: Places.brussels.local(instant))
      // The hour that comes twice leads back to its first coming.
      #expect(back == instant || back == instant.adding(seconds: -3_600))
      instant = instant.adding(seconds: 3_600)
    }
  }
}
