public import Domain
import Synchronization

/// A clock that goes on by a fixed step each time somebody looks, and can be set back.
public final class SteppingClock: Domain.Clock {
  private let microseconds: Mutex<Int64>
  private let step: Int64

  /// Begins at 2026-11-24T00:00:00Z; `step` is in microseconds.
  public init(step: Int64 = 1_000) {
    microseconds = Mutex(1_795_478_400_000_000)
    self.step = step
  }

  public func now() -> Instant {
    microseconds.withLock { microseconds in
      microseconds += step
      return Instant(microseconds: microseconds)
    }
  }

  /// Goes on from this instant.
  public func set(to instant: Instant) { microseconds.withLock { $0 = instant.microseconds } }

  public func move(bySeconds seconds: Int64) { microseconds.withLock { $0 += seconds * 1_000_000 } }
}
