import Domain
import Synchronization
import TestPorts
import Testing
import Workers

private struct WorkFault: Error {}

/// Counts its calls; fails in some of them, and tells when it has been called often enough.
private final class CountingWorker: Worker {
  let name = "counting"
  private let calls = Mutex(0)
  private let failing: Set<Int>
  private let enough: Int
  private let told: AsyncStream<Void>.Continuation
  private let fault: @Sendable () -> any Error

  init(
    failing: Set<Int> = [], enough: Int, telling told: AsyncStream<Void>.Continuation,
    fault: @escaping @Sendable () -> any Error = { WorkFault() }
  ) {
    self.failing = failing
    self.enough = enough
    self.told = told
    self.fault = fault
  }

  var count: Int { calls.withLock { $0 } }

  func runDue(at instant: Instant) async throws -> Instant? {
    let call = calls.withLock { calls in
      calls += 1
      return calls
    }
    if call == enough { told.finish() }
    if failing.contains(call) { throw fault() }
    return instant
  }
}

@Suite("The loop that calls workers") struct WorkerLoopTests {
  @Test("a worker is called until the task is cancelled; what fails is reported by its name and tried again")
  func loop() async {
    let (stream, told) = AsyncStream<Void>.makeStream()
    let worker = CountingWorker(failing: [2, 3], enough: 6, telling: told)
    let failures = Mutex<[String]>([])
    let loop = WorkerLoop(workers: [worker], clock: SteppingClock(), pollSeconds: 0) { name, error in
      failures.withLock { $0.append("\(name) \(type(of: error))") }
    }
    let task = Task { await loop.run() }
    for await _ in stream {}
    task.cancel()
    await task.value
    let count = worker.count
    #expect(count >= 6)
    #expect(failures.withLock { $0 } == ["counting WorkFault", "counting WorkFault"])
    #expect(worker.count == count)
  }

  @Test("one worker's failure does not stop another, and cancellation is no failure")
  func beside() async {
    let (stream, told) = AsyncStream<Void>.makeStream()
    let (_, unheard) = AsyncStream<Void>.makeStream()
    let cancelled = CountingWorker(failing: [1], enough: .max, telling: unheard) { CancellationError() }
    let going = CountingWorker(enough: 5, telling: told)
    let failures = Mutex(0)
    let loop = WorkerLoop(workers: [cancelled, going], clock: SteppingClock(), pollSeconds: 0) { _, _ in
      failures.withLock { $0 += 1 }
    }
    let task = Task { await loop.run() }
    for await _ in stream {}
    task.cancel()
    await task.value
    #expect(cancelled.count == 1 && going.count >= 5)
    #expect(failures.withLock { $0 } == 0)
  }

  @Test("a loop without workers is over at once")
  func empty() async {
    await WorkerLoop(workers: [], clock: SteppingClock()) { _, _ in }.run()
  }
}
