public import Domain

/// Does what is due and says when more will be; owns no timer.
///
/// `serve` calls it on the machine's clock, an exercise on its virtual one.
public protocol Worker: Sendable {
  var name: String { get }

  /// Does what is due at this instant, or a bounded part of it.
  ///
  /// Returns when to call again: `instant` itself where more is due already, nil where nothing is in sight.
  func runDue(at instant: Instant) async throws -> Instant?
}

/// Calls workers on the machine's clock, each in a task of its own, until the task is cancelled.
public struct WorkerLoop: Sendable {
  private let workers: [any Worker]
  private let clock: any Clock
  private let pollSeconds: Int64
  private let onFailure: @Sendable (_ worker: String, any Error) -> Void

  /// - Parameter pollSeconds: how long new work may go unnoticed; nobody wakes a worker.
  public init(
    workers: [any Worker], clock: any Clock, pollSeconds: Int64 = 1,
    onFailure: @escaping @Sendable (_ worker: String, any Error) -> Void
  ) {
    self.workers = workers
    self.clock = clock
    self.pollSeconds = pollSeconds
    self.onFailure = onFailure
  }

  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      for worker in workers { group.addTask { await run(worker) } }
    }
  }

  private func run(_ worker: any Worker) async {
    while !Task.isCancelled {
      let now = clock.now()
      var pause = Duration.seconds(pollSeconds)
      do {
        if let next = try await worker.runDue(at: now) {
          pause = min(pause, .microseconds(max(0, next.microseconds - clock.now().microseconds)))
        }
      } catch is CancellationError {
        return
      } catch {
        // What failed stays due; the next round tries again.
        onFailure(worker.name, error)
      }
      // Cancelled while asleep, the loop ends at its head.
      try? await Task.sleep(for: pause)
    }
  }
}
