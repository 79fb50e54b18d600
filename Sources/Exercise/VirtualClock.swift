public import Domain
import Synchronization

/// The clock of an exercise: it stands still until it is moved, and goes on by itself once the exercise is over.
public final class VirtualClock: Domain.Clock {
  private struct Hands {
    var instant: Instant
    /// When it was let go, by the machine's clock.
    var releasedAt: Instant?
  }

  private let hands: Mutex<Hands>
  private let machine: any Domain.Clock

  public init(at instant: Instant, machine: any Domain.Clock) {
    hands = Mutex(Hands(instant: instant))
    self.machine = machine
  }

  public func now() -> Instant {
    hands.withLock { hands in
      guard let releasedAt = hands.releasedAt else { return hands.instant }
      return Instant(
        microseconds: hands.instant.microseconds + machine.now().microseconds - releasedAt.microseconds)
    }
  }

  var isReleased: Bool { hands.withLock { $0.releasedAt != nil } }

  /// Time never goes back.
  func move(to later: Instant) { hands.withLock { $0.instant = max($0.instant, later) } }

  /// From now on it runs as fast as the machine's.
  public func release() { hands.withLock { $0.releasedAt = machine.now() } }
}

/// The clock of those who watch an exercise: real seconds from its beginning on, then the exercise's own.
///
/// A session that somebody opens to watch would otherwise be over with the next virtual day.
public struct SpectatorClock: Domain.Clock {
  private let virtual: VirtualClock
  private let machine: any Domain.Clock
  private let openedAt: Instant

  public init(virtual: VirtualClock, machine: any Domain.Clock) {
    self.virtual = virtual
    self.machine = machine
    openedAt = machine.now()
  }

  public func now() -> Instant {
    let seconds = (machine.now().microseconds - openedAt.microseconds) / 1_000_000
    return virtual.isReleased ? virtual.now() : Timeline.start.adding(seconds: seconds)
  }
}
