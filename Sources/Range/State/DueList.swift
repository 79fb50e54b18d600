/// What is due, by its second; things of one second have an order of their own that the reader gives them.
struct DueList {
  enum Thing {
    /// A provider decides.
    case decision(referral: Int32)
    /// A provider says again what it said.
    case again(referral: Int32)
    /// Something comes back.
    case comeback(Comeback)
  }

  private var things: [Int32: [Thing]] = [:]
  // Ascending.
  private var times: [Int32] = []

  var next: Int32? { times.first }

  mutating func add(_ thing: Thing, at second: Int32) {
    if things[second, default: []].isEmpty {
      var (low, high) = (0, times.count)
      while low < high {
        let middle = (low + high) / 2
        if times[middle] < second { low = middle + 1 } else { high = middle }
      }
      times.insert(second, at: low)
    }
    things[second, default: []].append(thing)
  }

  /// Takes out all of the earliest second, where that is not after `last`.
  mutating func takeFirst(notAfter last: Int32) -> (at: Int32, things: [Thing])? {
    guard let first = times.first, first <= last else { return nil }
    times.removeFirst()
    return (first, things.removeValue(forKey: first) ?? [])
  }
}

/// Something that will stand somewhere again after it was removed.
struct Comeback {
  enum Relation: String, Sendable {
    case copy, successor, reappeared
  }

  let relation: Relation
  /// The item's number of what was removed.
  let original: Int32
  /// How often the original was removed before.
  let generation: UInt8
}
