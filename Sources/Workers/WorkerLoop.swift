public import Domain

/// Calls workers on the machine's clock, each in a task of its own, until the task is cancelled.
///
/// A commit wakes them, so that new work is begun at once; what another process committed is found within a poll.
public struct WorkerLoop: Sendable {
  private let workers: [any Worker]
  private let clock: any Clock
  private let pollSeconds: Int64
  private let commits: @Sendable () -> AsyncStream<Void>?
  private let onFailure: @Sendable (_ worker: String, any Error) -> Void

  /// A round is followed by a rest of four times its length, so that waking costs at most a fifth of a core.
  private static let restFactor = 4.0
  private static let leastRest = Duration.milliseconds(10)
  private static let longestPause = Duration.seconds(60)

  /// - Parameters:
  ///   - pollSeconds: how long new work may go unnoticed when nobody wakes the workers.
  ///   - commits: a stream that yields when there may be work, for each worker one.
  public init(
    workers: [any Worker], clock: any Clock, pollSeconds: Int64 = 1,
    commits: @escaping @Sendable () -> AsyncStream<Void>? = { nil },
    onFailure: @escaping @Sendable (_ worker: String, any Error) -> Void
  ) {
    self.workers = workers
    self.clock = clock
    self.pollSeconds = pollSeconds
    self.commits = commits
    self.onFailure = onFailure
  }

  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      for worker in workers { group.addTask { await run(worker) } }
    }
  }

  private func run(_ worker: any Worker) async {
    let alarm = Alarm(streams: [commits(), worker.endings()].compactMap(\.self))
    defer { alarm.stop() }
    var failures = 0
    while !Task.isCancelled {
      let began = ContinuousClock.now
      do {
        let next = try await worker.runDue(at: clock.now())
        failures = 0
        await pause(until: next, roundOf: ContinuousClock.now - began, alarm)
      } catch is CancellationError {
        break
      } catch {
        // What failed stays due; the next rounds try again, ever more slowly while it goes on failing.
        onFailure(worker.name, error)
        failures += 1
        try? await Task.sleep(for: min(.seconds(pollSeconds << Int64(min(failures - 1, 6))), Self.longestPause))
      }
    }
    await worker.stop()
  }

  private func pause(until next: Instant?, roundOf length: Duration, _ alarm: Alarm) async {
    let left = next.map { Duration.microseconds(max(0, $0.microseconds - clock.now().microseconds)) }
    let pause = min(left ?? .seconds(pollSeconds), .seconds(pollSeconds))
    // More is due already: a worker that never has to wait must not keep a thread of the pool to itself.
    guard pause > .zero else { return await Task.yield() }
    let rest = min(max(length * Self.restFactor, Self.leastRest), pause)
    // Cancelled while asleep, the loop ends at its head.
    try? await Task.sleep(for: rest)
    await alarm.wait(atMost: pause - rest)
  }
}

/// Several streams that wake, and a time after which one wakes by oneself.
private final class Alarm: Sendable {
  private let stream: AsyncStream<Void>
  private let ring: AsyncStream<Void>.Continuation
  private let listening: [Task<Void, Never>]

  init(streams: [AsyncStream<Void>]) {
    let (stream, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.stream = stream
    self.ring = ring
    listening = streams.map { stream in Task { for await _ in stream { ring.yield() } } }
  }

  func wait(atMost duration: Duration) async {
    guard duration > .zero else { return }
    let timer = Task { [ring] in
      try await Task.sleep(for: duration)
      ring.yield()
    }
    for await _ in stream { break }
    timer.cancel()
  }

  func stop() {
    for task in listening { task.cancel() }
    ring.finish()
  }
}
