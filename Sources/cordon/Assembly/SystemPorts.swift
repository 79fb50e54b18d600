import Domain
import Glibc
import Synchronization

/// The machine's clock.
struct SystemClock: Domain.Clock {
  func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
  }
}

/// The kernel's random bytes, fetched by the page: an import asks for millions of them.
final class SystemRandom: RandomSource {
  private static let wordsInOnePage = 512

  private let pool = Mutex<[UInt64]>([])

  func words() -> (UInt64, UInt64) {
    pool.withLock { pool in
      if pool.count < 2 { pool = Self.page() }
      return (pool.removeLast(), pool.removeLast())
    }
  }

  private static func page() -> [UInt64] {
    let device = open("/dev/urandom", O_RDONLY | O_CLOEXEC)
    defer { close(device) }
    return [UInt64](unsafeUninitializedCapacity: wordsInOnePage) { buffer, count in
      let wanted = buffer.count * MemoryLayout<UInt64>.size
      // Without the device, as in a bare container, the standard library asks the kernel word by word.
      if device < 0 || read(device, buffer.baseAddress, wanted) != wanted {
        var generator = SystemRandomNumberGenerator()
        for position in 0..<wordsInOnePage { buffer[position] = generator.next() }
      }
      count = wordsInOnePage
    }
  }
}
