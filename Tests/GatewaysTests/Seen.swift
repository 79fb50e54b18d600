import Synchronization

/// Remembers which numbers have come by.
final class Seen: Sendable {
  private let numbers = Mutex<Set<Int>>([])

  func isFirst(_ number: Int) -> Bool { numbers.withLock { $0.insert(number).inserted } }
}
