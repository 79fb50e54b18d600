import Dispatch
import Storage

/// Runs an actor's jobs on a queue of its own: libpq waits in the thread that calls it, and must not hold up others.
final class QueueExecutor: SerialExecutor {
  let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}

/// One connection and the queue on which alone it is used.
actor PostgresSession {
  nonisolated let executor: QueueExecutor
  // Reason for `nonisolated(unsafe)`: it is used on the executor's queue alone, but a body that blocks its caller may
  // carry what can't be sent, such as the connection that it copies from, so that the compiler can't see that.
  private nonisolated(unsafe) let connection: PostgresConnection  // Reason: the queue keeps its users apart, see above.

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ settings: PostgresSettings, label: String, statistics: PostgresStatistics? = nil) {
    executor = QueueExecutor(label: label)
    connection = PostgresConnection(settings, statistics: statistics)
  }

  func run<T: Sendable>(_ body: @Sendable (PostgresConnection) throws -> T) rethrows -> T { try body(connection) }

  /// Runs `body` on a snapshot, and once more on a new connection where the old one was lost: it only reads.
  func read<T: Sendable>(
    _ body: @Sendable (any Storage.Connection) throws -> T, _ answer: @Sendable (Result<T, any Error>) -> Void
  ) {
    var result = readOnce(body)
    if case .failure(let error as StorageError) = result, case .unavailable = error, connection.isLost {
      result = readOnce(body)
    }
    answer(result)
    connection.endReading()
  }

  private func readOnce<T: Sendable>(
    _ body: @Sendable (any Storage.Connection) throws -> T
  ) -> Result<T, any Error> {
    Result {
      try connection.beginReading()
      return try body(connection)
    }
  }

  /// Runs `work` with the session on its queue.
  nonisolated func enqueueReading(_ work: @escaping @Sendable (isolated PostgresSession) -> Void) {
    executor.queue.async { self.assumeIsolated { work($0) } }
  }

  /// Runs `work` behind what was enqueued before it.
  nonisolated func enqueue(_ work: @escaping @Sendable (any Storage.Connection) -> Void) {
    executor.queue.async { work(self.connection) }
  }

  /// Blocks the calling thread until `body` has run.
  nonisolated func blocking<T>(_ body: (any Storage.Connection) throws -> T) throws -> T {
    try executor.queue.sync {
      try connection.connected()
      return try body(connection)
    }
  }

  func disconnect() { connection.disconnect() }
}
