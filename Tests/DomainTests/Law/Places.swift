import Domain
import Testing

/// Places and days for the tests of the clocks.
enum Places {
  /// Central European Time with the summer time of Directive 2000/84/EC, for the years 2020 to 2040.
  static let brussels = europe("Europe/Brussels", standard: 3_600)
  static let dublin = europe("Europe/Dublin", standard: 0)
  static let kolkata = ZoneRule(name: "Asia/Kolkata", firstOffset: 19_800)

  static let belgium = LegalCalendar(
    zone: brussels,
    holidays: HolidayCalendar([
      HolidayRule(name: "New Year's Day", day: .fixed(date("01-01"))),
      HolidayRule(name: "Easter Monday", day: .easter(1)),
      HolidayRule(name: "Labour Day", day: .fixed(date("05-01"))),
      HolidayRule(name: "Ascension Day", day: .easter(39)),
      HolidayRule(name: "Whit Monday", day: .easter(50)),
      HolidayRule(name: "National Day", day: .fixed(date("07-21"))),
      HolidayRule(name: "Assumption Day", day: .fixed(date("08-15"))),
      HolidayRule(name: "All Saints' Day", day: .fixed(date("11-01"))),
      HolidayRule(name: "Armistice Day", day: .fixed(date("11-11"))),
      HolidayRule(name: "Christmas Day", day: .fixed(date("12-25"))),
    ]))

  static func date(_ text: String) -> MonthDay {
    guard let date = MonthDay(text) else {
      // A test that names a day which does not exist is wrong itself.
      preconditionFailure("\(text) is no date")
    }
    return date
  }

  private static func europe(_ name: String, standard: Int) -> ZoneRule {
    let transitions = (2020...2040).flatMap { year in
      [
        ZoneRule.Transition(at: lastSunday(year, month: 3), offset: standard + 3_600),
        ZoneRule.Transition(at: lastSunday(year, month: 10), offset: standard),
      ]
    }
    return ZoneRule(name: name, firstOffset: standard, transitions: transitions)
  }

  // Summer time begins and ends everywhere at 01:00 UTC.
  private static func lastSunday(_ year: Int, month: Int) -> Instant {
    var day = CalendarDay(year: year, month: month, day: 31) ?? CalendarDay(number: 0)
    while day.weekday != .sunday { day = day.adding(days: -1) }
    return ZoneRule.utc.start(of: day).adding(seconds: 3_600)
  }
}

/// Reads RFC 3339; the test fails where it is none.
func instant(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Instant {
  try #require(Instant(rfc3339: text), sourceLocation: sourceLocation)
}
