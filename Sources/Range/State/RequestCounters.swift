/// How many requests came: for what is limited, and for what fails by the attempt.
struct RequestCounters {
  /// The number of the last request of all.
  private(set) var last = 0
  private var window: Int32 = .min
  private var inWindow = 0
  private var attempts: [ReferralKey: Int] = [:]

  mutating func nextNumber() -> Int {
    last += 1
    return last
  }

  /// Counts a request of a limited provider unless there were `most` in this quarter of an hour already.
  mutating func admit(at now: Int32, most: Int) -> Bool {
    count(at: now)
    if inWindow > most {
      inWindow = most
      return false
    }
    return true
  }

  private mutating func count(at now: Int32) {
    let quarter = now >= 0 ? now / RangeCalendar.quarter : (now + 1) / RangeCalendar.quarter - 1
    if quarter != window { (window, inWindow) = (quarter, 0) }
    inWindow += 1
  }

  /// How often a request that begins with this key came before; counts this one.
  mutating func attempt(firstKey: String) -> Int {
    let key = ReferralKey(firstKey)
    defer { attempts[key, default: 0] += 1 }
    return attempts[key] ?? 0
  }

  /// Counts a request that an earlier run has answered.
  mutating func restore(number: Int, at: Int32, provider: RangeProvider, firstKey: String, wasAdmitted: Bool) {
    last = max(last, number)
    switch provider {
    case .pigeon: if wasAdmitted { count(at: at) }
    case .mosaic: _ = attempt(firstKey: firstKey)
    default: break
    }
  }
}
