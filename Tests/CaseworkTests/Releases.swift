import Synchronization

/// What is to be let go later.
final class Releases: Sendable {
  private let waiting = Mutex<[@Sendable () -> Void]>([])

  func add(_ release: @escaping @Sendable () -> Void) { waiting.withLock { $0.append(release) } }

  func run() {
    let all = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    for release in all { release() }
  }
}
