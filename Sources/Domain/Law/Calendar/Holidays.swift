/// A public holiday as a law describes it, from which its date in any year follows.
public struct HolidayRule: Sendable, Hashable {
  /// How a law names a day.
  public enum Day: Sendable, Hashable {
    case fixed(MonthDay)
    /// So many days after Easter Sunday of the western churches; negative: before it.
    case easter(Int)
    /// So many days after Easter Sunday of the orthodox churches.
    case orthodoxEaster(Int)
    /// The first such day of the week on or after a date; the third Monday of a month is the first after the 14th.
    case first(Weekday, onOrAfter: MonthDay)
  }

  /// A date that takes the holiday's place in years in which it falls on that day of the week.
  public struct Instead: Sendable, Hashable {
    public let date: MonthDay
    public let when: Weekday

    public init(date: MonthDay, when: Weekday) {
      self.date = date
      self.when = when
    }
  }

  /// The holiday's English name.
  public let name: String
  /// Its name in the country.
  public let localName: String?
  public let day: Day
  public let instead: Instead?
  /// The first year in which it is one; nil: always was.
  public let from: Int?
  /// The last year in which it is one.
  public let until: Int?
  /// Whether the next working day is free as well where the holiday falls on a weekend.
  public let isSubstituted: Bool

  public init(
    name: String, localName: String? = nil, day: Day, instead: Instead? = nil, from: Int? = nil, until: Int? = nil,
    isSubstituted: Bool = false
  ) {
    self.name = name
    self.localName = localName
    self.day = day
    self.instead = instead
    self.from = from
    self.until = until
    self.isSubstituted = isSubstituted
  }

  /// The holiday's date in that year; nil where the year has none.
  public func date(in year: Int) -> CalendarDay? {
    guard year >= from ?? .min, year <= until ?? .max else { return nil }
    if let instead, let date = instead.date.day(in: year), date.weekday == instead.when { return date }
    switch day {
    case .fixed(let date): return date.day(in: year)
    case .easter(let offset): return Easter.western(year).adding(days: offset)
    case .orthodoxEaster(let offset): return Easter.orthodox(year).adding(days: offset)
    case .first(let weekday, let date):
      guard let start = date.day(in: year) else { return nil }
      return (0..<7).lazy.map(start.adding(days:)).first { $0.weekday == weekday }
    }
  }
}

/// A date of every year.
public struct MonthDay: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let month: Int
  public let day: Int

  /// Nil unless some year has that date.
  public init?(month: Int, day: Int) {
    guard CalendarDay(year: 2_000, month: month, day: day) != nil else { return nil }
    self.month = month
    self.day = day
  }

  /// Reads `12-25`; nil for anything else.
  public init?(_ text: String) {
    guard let date = CalendarDay("2000-" + text) else { return nil }
    month = date.month
    day = date.day
  }

  /// Nil on 29 February of a year without one.
  public func day(in year: Int) -> CalendarDay? { CalendarDay(year: year, month: month, day: day) }

  public static func < (lhs: Self, rhs: Self) -> Bool { (lhs.month, lhs.day) < (rhs.month, rhs.day) }

  public var description: String {
    [month, day].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-")
  }
}

/// The public holidays of a Member State, for Article 2(1) of Regulation 1182/71.
public struct HolidayCalendar: Sendable, Hashable {
  /// A holiday of one year.
  public struct Holiday: Sendable, Hashable {
    public let day: CalendarDay
    public let name: String
    public let localName: String?
    /// Whether it stands in for a holiday that fell on a weekend.
    public let isSubstitute: Bool
  }

  public let rules: [HolidayRule]

  public init(_ rules: [HolidayRule]) { self.rules = rules }

  /// No holidays are known: only Saturdays and Sundays are no working days.
  public static let none = HolidayCalendar([])

  /// The holidays of that year in the order of their dates; two may fall on one day.
  public func holidays(in year: Int) -> [Holiday] {
    let dated = rules.compactMap { rule in rule.date(in: year).map { (day: $0, rule: rule) } }
      .filter { $0.day.year == year }.sorted { $0.day < $1.day }
    var taken = Set(dated.map(\.day))
    var holidays = dated.map {
      Holiday(day: $0.day, name: $0.rule.name, localName: $0.rule.localName, isSubstitute: false)
    }
    for (day, rule) in dated where rule.isSubstituted && day.isWeekend {
      var next = day.adding(days: 1)
      while next.isWeekend || taken.contains(next) { next = next.adding(days: 1) }
      taken.insert(next)
      holidays.append(Holiday(day: next, name: rule.name, localName: rule.localName, isSubstitute: true))
    }
    return holidays.sorted { $0.day < $1.day }
  }

  public func isHoliday(_ day: CalendarDay) -> Bool {
    // A substitute may fall into the next year.
    holidays(in: day.year).contains { $0.day == day }
      || day.month == 1 && holidays(in: day.year - 1).contains { $0.day == day }
  }

  /// Whether it is neither a public holiday nor a Sunday nor a Saturday: Article 2(2) of Regulation 1182/71.
  public func isWorkingDay(_ day: CalendarDay) -> Bool { !day.isWeekend && !isHoliday(day) }
}

extension CalendarDay {
  /// Whether it is a Saturday or a Sunday.
  public var isWeekend: Bool { weekday == .saturday || weekday == .sunday }
}

/// Easter Sunday.
enum Easter {
  // The computus of Meeus, "Astronomical Algorithms", chapter 8, for the Gregorian calendar.
  static func western(_ year: Int) -> CalendarDay {
    let golden = year % 19
    let century = year / 100
    let rest = year % 100
    let correction = (century - (century + 8) / 25 + 1) / 3
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7
    let shift = (golden + 11 * epact + 22 * weekday) / 451
    let sum = epact + weekday - 7 * shift + 114
    return CalendarDay(number: CivilDate.daysSince1970(year: year, month: sum / 31, day: sum % 31 + 1))
  }

  // The same for the Julian calendar, then moved by the distance between the two.
  static func orthodox(_ year: Int) -> CalendarDay {
    let epact = (19 * (year % 19) + 15) % 30
    let weekday = (2 * (year % 4) + 4 * (year % 7) - epact + 34) % 7
    let sum = epact + weekday + 114
    let julian = CivilDate.daysSince1970(year: year, month: sum / 31, day: sum % 31 + 1)
    return CalendarDay(number: julian + year / 100 - year / 400 - 2)
  }
}
