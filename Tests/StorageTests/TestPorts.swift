import Domain
import Synchronization

/// SplitMix64: the same words for the same seed on every machine.
final class SeededRandom: RandomSource {
  private let state: Mutex<UInt64>

  init(seed: UInt64) { state = Mutex(seed) }

  func words() -> (UInt64, UInt64) { (next(), next()) }

  func next() -> UInt64 {
    state.withLock { state in
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
      return word ^ word >> 31
    }
  }

  /// A number from 0 on, below `bound`.
  func below(_ bound: Int) -> Int { bound < 1 ? 0 : Int(next() % UInt64(bound)) }
}

/// A clock that goes on by a fixed step each time somebody looks, and can be set back.
final class SteppingClock: Domain.Clock {
  private let microseconds: Mutex<Int64>
  private let step: Int64

  /// Begins at 2026-11-24T00:00:00Z; `step` is in microseconds.
  init(step: Int64 = 1_000) {
    microseconds = Mutex(1_795_478_400_000_000)
    self.step = step
  }

  func now() -> Instant {
    microseconds.withLock { microseconds in
      microseconds += step
      return Instant(microseconds: microseconds)
    }
  }

  func move(bySeconds seconds: Int64) { microseconds.withLock { $0 += seconds * 1_000_000 } }
}
