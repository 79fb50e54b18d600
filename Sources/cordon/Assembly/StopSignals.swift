import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT: the first asks for an orderly end, a second ends the process at once.
final class StopSignals: Sendable {
  private let stopped: Task<Void, Never>
  private let ask: AsyncStream<Void>.Continuation
  /// Kept so that they go on, and not touched again.
  private let sources: Mutex<[any DispatchSourceSignal]>

  init() {
    let (stream, ask) = AsyncStream.makeStream(of: Void.self)
    self.ask = ask
    stopped = Task { for await _ in stream {} }
    let seen = SignalCount()
    sources = Mutex(
      [SIGTERM, SIGINT].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
          // What is lost by it is what a kill would lose: nothing that was answered.
          if seen.next() > 1 { _exit(128 + number) }
          ask.finish()
        }
        source.activate()
        return source
      })
  }

  /// Asks for the end from within.
  func stop() { ask.finish() }

  /// Returns once the end was asked for.
  func wait() async { await stopped.value }
}

private final class SignalCount: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}

/// Waiting with an end.
enum Patience {
  /// Whether the work was done in time; it is not stopped otherwise.
  static func wait(atMost seconds: Int, for work: @escaping @Sendable () async -> Void) async -> Bool {
    let (stream, ended) = AsyncStream.makeStream(of: Bool.self)
    let timer = Task {
      try await Task.sleep(for: .seconds(seconds))
      ended.yield(false)
    }
    Task {
      await work()
      ended.yield(true)
    }
    defer { timer.cancel() }
    for await isDone in stream { return isDone }
    return false
  }
}
