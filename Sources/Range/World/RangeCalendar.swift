package import Domain

/// The range's time: whole seconds from the first of the operation's four days.
package enum RangeCalendar {
  /// 2031-05-05T00:00:00Z, the beginning of the four days.
  package static let start = Instant(microseconds: 1_935_705_600_000_000)
  package static let day: Int32 = 86_400
  package static let quarter: Int32 = 900
  /// Ninety days of baseline come first.
  package static let begin: Int32 = -90 * day
  package static let actionDays = 4
  /// Ninety days of watching come after the four.
  package static let end: Int32 = (90 + 4) * day

  package static func instant(_ second: Int32) -> Instant { start.adding(seconds: Int64(second)) }

  /// The second in which the instant lies; held at the ends.
  package static func second(_ instant: Instant) -> Int32 {
    let difference = instant.microseconds - start.microseconds
    let (seconds, rest) = difference.quotientAndRemainder(dividingBy: 1_000_000)
    return Int32(clamping: rest < 0 ? seconds - 1 : seconds)
  }

  /// The first whole quarter of an hour that is not before this second.
  static func quarter(atOrAfter second: Int32) -> Int32 {
    let rest = second % quarter
    return rest == 0 ? second : second - rest + (rest > 0 ? quarter : 0)
  }

  /// `20310505101500`.
  static func digits(_ second: Int32) -> String { String(instant(second).description.filter(\.isNumber).prefix(14)) }
}
