/// What clocks on the wall show at a place: the offset from UTC, and when it changes.
///
/// It is data, so that periods are computed without asking the machine.
public struct ZoneRule: Sendable, Hashable {
  /// A change of the offset.
  public struct Transition: Sendable, Hashable {
    public let at: Instant
    /// Seconds east of UTC from then on.
    public let offset: Int

    public init(at: Instant, offset: Int) {
      self.at = at
      self.offset = offset
    }
  }

  /// The zone's name in the IANA database, for showing.
  public let name: String
  /// Seconds east of UTC before the first transition.
  public let firstOffset: Int
  /// Ascending.
  public let transitions: [Transition]

  /// An offset of more than a day is held at a day: no place on earth has one.
  public init(name: String, firstOffset: Int, transitions: [Transition] = []) {
    self.name = name
    self.firstOffset = Self.held(firstOffset)
    self.transitions = transitions.sorted { $0.at < $1.at }.map {
      Transition(at: $0.at, offset: Self.held($0.offset))
    }
  }

  public static let utc = ZoneRule(name: "UTC", firstOffset: 0)

  /// Seconds east of UTC at that instant.
  public func offset(at instant: Instant) -> Int {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].at <= instant { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? firstOffset : transitions[low - 1].offset
  }

  /// What a clock on the wall shows at that instant.
  public func local(_ instant: Instant) -> LocalTime {
    LocalTime(wall: instant.microseconds + Int64(offset(at: instant)) * 1_000_000)
  }

  /// When a clock on the wall shows that time: the first time where it shows it twice, and where a change leaves it
  /// out, as much later as the change is wide.
  public func instant(of time: LocalTime) -> Instant {
    let day: Int64 = 86_400_000_000
    let before = offset(at: Instant(microseconds: time.wall - day))
    let after = offset(at: Instant(microseconds: time.wall + day))
    for offset in [before, after].sorted(by: >) {
      let candidate = Instant(microseconds: time.wall - Int64(offset) * 1_000_000)
      if self.offset(at: candidate) == offset { return candidate }
    }
    return Instant(microseconds: time.wall - Int64(before) * 1_000_000)
  }

  /// The beginning of the day's first hour there.
  public func start(of day: CalendarDay) -> Instant { instant(of: LocalTime(day: day, microsecondOfDay: 0)) }

  private static func held(_ offset: Int) -> Int { min(max(offset, -86_400), 86_400) }
}

/// A date and a time of day as a clock on the wall shows them.
public struct LocalTime: Sendable, Hashable {
  public let day: CalendarDay
  /// From midnight as the wall shows it.
  public let microsecondOfDay: Int64

  public init(day: CalendarDay, microsecondOfDay: Int64) {
    self.day = day
    self.microsecondOfDay = min(max(microsecondOfDay, 0), 86_399_999_999)
  }

  /// From microseconds since 1970-01-01 on the wall.
  init(wall: Int64) {
    let (quotient, remainder) = wall.quotientAndRemainder(dividingBy: 86_400_000_000)
    let days = remainder < 0 ? quotient - 1 : quotient
    day = CalendarDay(number: Int(days))
    microsecondOfDay = wall - days * 86_400_000_000
  }

  var wall: Int64 { Int64(day.number) * 86_400_000_000 + microsecondOfDay }
}

extension LocalTime: CustomStringConvertible {
  /// `2026-11-25 13:05:00`, whole seconds.
  public var description: String {
    let second = microsecondOfDay / 1_000_000
    let parts = [second / 3_600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(day) \(parts.joined(separator: ":"))"
  }
}
