/// How long the law gives, as it says so.
public enum Period: Sendable, Hashable {
  case hours(Int)
  case days(Int)
  case weeks(Int)
  case months(Int)
  /// Before a date of the year after the one in which the event falls.
  case before(MonthDay)
  /// On a date of the year after the one in which the event falls, at the latest.
  case by(MonthDay)
  case withoutUndueDelay
  case immediately
  /// In the same moment as something else.
  case simultaneous
  /// Whatever national law says; a country pack has it.
  case national
}

extension Period: CustomStringConvertible {
  public var description: String {
    switch self {
    case .hours(let count): Self.counted(count, "hour")
    case .days(let count): Self.counted(count, "day")
    case .weeks(let count): Self.counted(count, "week")
    case .months(let count): Self.counted(count, "month")
    case .before(let date): "before \(date) of the next year"
    case .by(let date): "by \(date) of the next year"
    case .withoutUndueDelay: "without undue delay"
    case .immediately: "immediately"
    case .simultaneous: "at the same time"
    case .national: "as national law says"
    }
  }

  private static func counted(_ count: Int, _ unit: String) -> String {
    "\(count) \(unit)\(count == 1 ? "" : "s")"
  }
}

/// One of the two ways to compute when a period is over.
public enum PeriodReading: String, Sendable, Hashable, CaseIterable {
  /// The event plus the period, to the microsecond.
  case strict
  /// Regulation (EEC, Euratom) No 1182/71: the hour or day of the event does not count, and holidays may.
  case regulation
}

/// What is needed to read a period: where clocks show what, and which days are free.
public struct LegalCalendar: Sendable, Hashable {
  public let zone: ZoneRule
  public let holidays: HolidayCalendar
  /// The national period for an appeal; nil while nobody has confirmed one, so that no order becomes final by time.
  public let appealPeriod: Period?

  public init(zone: ZoneRule, holidays: HolidayCalendar, appealPeriod: Period? = nil) {
    self.zone = zone
    self.holidays = holidays
    self.appealPeriod = appealPeriod
  }

  /// UTC, without public holidays; for when nobody has said which country it is.
  public static let utc = LegalCalendar(zone: .utc, holidays: .none)
}

extension Period {
  /// When it is over; nil for a period without a length.
  public func end(from event: Instant, reading: PeriodReading, in calendar: LegalCalendar) -> Instant? {
    switch reading {
    case .strict: strictEnd(from: event, in: calendar.zone)
    case .regulation: regulationEnd(from: event, in: calendar)
    }
  }

  private func strictEnd(from event: Instant, in zone: ZoneRule) -> Instant? {
    let time = zone.local(event)
    switch self {
    case .hours(let count): return event.adding(seconds: Int64(count) * 3_600)
    case .before, .by: return dateEnd(from: event, in: zone)
    case .days, .weeks, .months:
      guard let day = lastDay(after: time.day) else { return nil }
      return zone.instant(of: LocalTime(day: day, microsecondOfDay: time.microsecondOfDay))
    case .withoutUndueDelay, .immediately, .simultaneous, .national: return nil
    }
  }

  private func regulationEnd(from event: Instant, in calendar: LegalCalendar) -> Instant? {
    switch self {
    case .hours(let count):
      // Article 3(1) and (2)(a); periods in hours take no notice of holidays: Article 3(4).
      let hour: Int64 = 3_600_000_000
      let wall = calendar.zone.local(event).wall
      let elapsed = (wall % hour + hour) % hour
      return Instant(microseconds: event.microseconds - elapsed).adding(seconds: (Int64(count) + 1) * 3_600)
    case .before, .by: return dateEnd(from: event, in: calendar.zone)
    case .days, .weeks, .months:
      let first = calendar.zone.local(event).day
      guard let last = lastDay(after: first) else { return nil }
      let day = calendar.holidays.extended(last, from: first)
      return calendar.zone.start(of: day.adding(days: 1))
    case .withoutUndueDelay, .immediately, .simultaneous, .national: return nil
    }
  }

  // Article 3(2)(c): the day with the same name or date as that of the event, or the month's last.
  private func lastDay(after day: CalendarDay) -> CalendarDay? {
    switch self {
    case .days(let count): day.adding(days: count)
    case .weeks(let count): day.adding(days: 7 * count)
    case .months(let count): day.adding(months: count)
    default: nil
    }
  }

  // Article 5: a date is kept from its first to its last hour, and does not move for a holiday.
  private func dateEnd(from event: Instant, in zone: ZoneRule) -> Instant? {
    let year = zone.local(event).day.year + 1
    switch self {
    case .before(let date): return date.day(in: year).map(zone.start(of:))
    case .by(let date): return date.day(in: year).map { zone.start(of: $0.adding(days: 1)) }
    default: return nil
    }
  }
}

extension HolidayCalendar {
  /// The last day of a period, moved as Article 3(4) and (5) of Regulation 1182/71 say.
  func extended(_ last: CalendarDay, from event: CalendarDay) -> CalendarDay {
    // A calendar in which every day is a holiday would never end.
    let horizon = last.adding(days: 366)
    var day = last
    while !isWorkingDay(day), day < horizon { day = day.adding(days: 1) }
    guard last.number - event.number >= 2 else { return day }
    while workingDays(after: event, through: day) < 2, day < horizon {
      repeat { day = day.adding(days: 1) } while !isWorkingDay(day) && day < horizon
    }
    return day
  }

  private func workingDays(after first: CalendarDay, through last: CalendarDay) -> Int {
    var count = 0
    var day = first.adding(days: 1)
    while day <= last, count < 2 {
      if isWorkingDay(day) { count += 1 }
      day = day.adding(days: 1)
    }
    return count
  }
}
