public import Domain

/// When things happen in an exercise: ninety days of baseline, four of action, ninety of watching, all UTC.
public enum Timeline {
  static let hour: Int64 = 3_600
  static let day: Int64 = 24 * hour

  /// The first of the four days, at midnight.
  static let action = Instant(microseconds: 1_935_705_600_000_000)
  /// Where the exercise begins.
  public static let start = action.adding(seconds: -90 * day)
  static let watching = action.adding(seconds: 4 * day)
  static let end = watching.adding(seconds: 91 * day)

  /// The moment at which what was made until then leaves together.
  static let hHour = action.adding(seconds: 2 * day + 10 * hour)

  /// What the people of an exercise do at an instant.
  enum Step: Sendable, Hashable {
    /// What could be seen of the outlets since the last time is recorded.
    case observe(from: Instant)
    /// What experts brought since the last time is put on record and worked through.
    case work(from: Instant)
    /// What came back elsewhere since the last time is put on record and worked through.
    case returns(from: Instant)
    /// Holds that ran out are checked again, and what is clear leaves.
    case sweep
  }

  /// Every step, in the order of time.
  static let steps: [(at: Instant, step: Step)] = {
    var steps: [(Instant, Step)] = []
    for days in stride(from: Int64(-80), through: 0, by: 10) {
      steps.append((action.adding(seconds: days * day), .observe(from: action.adding(seconds: (days - 10) * day))))
    }
    var last = action
    for dayNumber in Int64(0)..<4 {
      for clockHour in stride(from: Int64(8), through: 20, by: 2) {
        let at = action.adding(seconds: dayNumber * day + clockHour * hour)
        steps.append((at, .work(from: last)))
        last = at
      }
    }
    steps.append((watching, .work(from: last)))
    steps.append((watching.adding(seconds: 1), .observe(from: action)))
    var from = watching
    for days in stride(from: Int64(2), through: 90, by: 2) {
      let at = watching.adding(seconds: days * day - 15 * hour)
      steps.append((at, .returns(from: from)))
      steps.append((at.adding(seconds: 2 * hour), .sweep))
      from = at
    }
    for days in stride(from: Int64(10), through: 90, by: 10) {
      steps.append((watching.adding(seconds: days * day), .observe(from: watching.adding(seconds: (days - 10) * day))))
    }
    return steps.sorted { $0.0 < $1.0 }
  }()
}
