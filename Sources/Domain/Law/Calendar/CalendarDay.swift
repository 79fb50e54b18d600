/// A day of the Gregorian calendar, without a time and without a place.
public struct CalendarDay: Sendable, Hashable, Comparable {
  /// Days since 1970-01-01.
  public let number: Int

  public init(number: Int) { self.number = number }

  /// Nil where there is no such day, as on 29 February of most years.
  public init?(year: Int, month: Int, day: Int) {
    guard (-9_999...99_999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
    number = CivilDate.daysSince1970(year: year, month: month, day: day)
    guard CivilDate(daysSince1970: number).day == day else { return nil }
  }

  /// Reads `2026-11-25`; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  public var year: Int { CivilDate(daysSince1970: number).year }
  public var month: Int { CivilDate(daysSince1970: number).month }
  public var day: Int { CivilDate(daysSince1970: number).day }

  public var weekday: Weekday {
    // 1 January 1970 was a Thursday.
    let index = ((number + 3) % 7 + 7) % 7
    return Weekday.allCases[index]
  }

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }

  public func adding(days: Int) -> CalendarDay { CalendarDay(number: number + days) }

  /// The same date so many months later; the last day of that month where it has no such date.
  public func adding(months: Int) -> CalendarDay {
    let date = CivilDate(daysSince1970: number)
    let count = date.year * 12 + date.month - 1 + months
    let year = count >= 0 ? count / 12 : (count - 11) / 12
    let month = count - year * 12 + 1
    let first = CivilDate.daysSince1970(year: year, month: month, day: 1)
    let next = CivilDate.daysSince1970(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1)
    return CalendarDay(number: min(first + date.day - 1, next - 1))
  }
}

extension CalendarDay: CustomStringConvertible {
  public var description: String {
    let date = CivilDate(daysSince1970: number)
    return "\(Self.padded(date.year, 4))-\(Self.padded(date.month, 2))-\(Self.padded(date.day, 2))"
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(abs(value))
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return (value < 0 ? "-" : "") + zeros + digits
  }
}

/// A day of the week; the raw value is the word that country packs use.
public enum Weekday: String, Sendable, Hashable, CaseIterable {
  case monday, tuesday, wednesday, thursday, friday, saturday, sunday
}
