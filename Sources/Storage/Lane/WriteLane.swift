import Domain
import Synchronization

/// The one lane through which everything that changes the record passes.
///
/// It gathers the bodies that wait, opens one transaction, re-reads the journal's head, runs each
/// body in a savepoint with its index and instant known, commits once, and only then answers. A
/// body that throws is undone alone; after a storage error every body of the batch fails.
final class WriteLane: Sendable {
  /// One waiting body; `attempt` returns what delivers its result once the commit is on disk.
  struct Job: Sendable {
    let actor: Identifier
    let attempt: @Sendable (WriteTransaction) throws -> @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void
  }

  private struct Queue {
    var jobs: [WritePriority: Deque<Job>] = [.person: Deque(), .bulk: Deque()]
    var isRunning = false

    var isEmpty: Bool { jobs.values.allSatisfy(\.isEmpty) }
  }

  // Enough to share one flush between all of a busy server's connections, and a bound on one commit.
  private static let mostPersonsInOneCommit = 256
  // Sixteen thousand rows of an import touch most pages of the locator table anyway.
  private static let mostBulkInOneCommit = 16

  private let engine: any Engine
  private let clock: any Clock
  private let random: any RandomSource
  private let queue = Mutex(Queue())
  private let done = Mutex(LaneStatistics())
  private let edge: JournalEdge
  /// Row keys that earlier commits have found.
  private let known = Mutex<[Identifier: Int64]>([:])

  init(engine: any Engine, clock: any Clock, random: any RandomSource) {
    self.engine = engine
    self.clock = clock
    self.random = random
    edge = JournalEdge()
  }

  func submit(_ job: Job, priority: WritePriority) {
    let mustStart = queue.withLock { queue in
      queue.jobs[priority]?.append(job)
      defer { queue.isRunning = true }
      return !queue.isRunning
    }
    if mustStart { engine.enqueueWrite { connection in self.drain(connection) } }
  }

  var statistics: LaneStatistics { done.withLock { $0 } }

  /// Why nothing goes through it any more.
  var closed: StorageError? { engine.fault.map { .closed($0.description) } }

  private func drain(_ connection: any Connection) {
    guard hasWork() else { return }
    commit(on: connection)
    // To the end of the line after each commit: a lease that has to be renewed does not wait for an import to end.
    engine.enqueueWrite { connection in self.drain(connection) }
  }

  private func hasWork() -> Bool {
    queue.withLock { queue in
      queue.isRunning = !queue.isEmpty
      return queue.isRunning
    }
  }

  /// The next body of this commit, or nil when it is time to flush.
  ///
  /// Persons go first. A commit that has one of theirs runs one body of an import at most, and an
  /// import's commit takes in whoever arrives between its bodies: nobody waits for more than one of them.
  private func next(after taken: Taken) -> (Job, WritePriority)? {
    queue.withLock { queue in
      if taken.persons < Self.mostPersonsInOneCommit, let job = queue.jobs[.person]?.popFirst() {
        return (job, .person)
      }
      let mostBulk = taken.persons > 0 ? 1 : Self.mostBulkInOneCommit
      if taken.bulk < mostBulk, let job = queue.jobs[.bulk]?.popFirst() { return (job, .bulk) }
      return nil
    }
  }

  /// What a commit has run so far.
  private struct Taken {
    var jobs: [(job: Job, priority: WritePriority)] = []
    var persons = 0
    var bulk = 0
    var refused = 0
    var answers: [@Sendable () -> Void] = []

    mutating func add(_ job: Job, _ priority: WritePriority) {
      jobs.append((job, priority))
      if priority == .person { persons += 1 } else { bulk += 1 }
    }
  }

  private func commit(on connection: any Connection) {
    let jobs = commit(on: connection, alone: nil)
    // One of them failed after it had been released: each in a commit of its own, only that one fails.
    for (job, priority) in jobs where !commit(on: connection, alone: (job, priority)).isEmpty {
      job.fail(StorageError.unavailable("the write could not be undone by itself"))
    }
  }

  /// Commits what waits, or one job by itself; returns the jobs that are to be committed one by one.
  private func commit(
    on connection: any Connection, alone: (Job, WritePriority)?
  ) -> [(job: Job, priority: WritePriority)] {
    var taken = Taken()
    let began = ContinuousClock.now
    // Taken away while they are in use: whatever fails, the next commit begins with none.
    let keys = RowKeys(
      known: known.withLock { known in
        defer { known = [:] }
        return known
      })
    do {
      if let closed { throw closed }
      try connection.begin()
      let entry = try edge.enter(connection)
      let transaction = WriteTransaction(
        connection: connection, entry: entry, clock: clock, random: random, keys: keys)
      while let (job, priority) = alone == nil ? next(after: taken) : taken.jobs.isEmpty ? alone : nil {
        taken.add(job, priority)
        let (answer, isRefused) = try run(job, in: transaction, on: connection, waiting: alone != nil)
        taken.answers.append(answer)
        if isRefused { taken.refused += 1 }
      }
      try edge.leave(transaction.entry, on: connection)
      try connection.commit()
    } catch is EarlierBodyFailed {
      edge.forget()
      // A connection that is lost tells so at the next attempt.
      try? connection.rollback()
      return taken.jobs
    } catch {
      // Whatever waited when the door would not open fails with it: nobody waits for a disk to come back.
      if let alone, taken.jobs.isEmpty { taken.add(alone.0, alone.1) }
      if taken.jobs.isEmpty { while let (job, priority) = next(after: taken) { taken.add(job, priority) } }
      abandon(taken.jobs.map(\.job), on: connection, because: error)
      return []
    }
    edge.keep()
    known.withLock { $0 = keys.known }
    count(taken, in: ContinuousClock.now - began)
    for answer in taken.answers { answer() }
    return []
  }

  private func count(_ taken: Taken, in duration: Duration) {
    done.withLock { done in
      done.kept += Int64(taken.jobs.count - taken.refused)
      done.refused += Int64(taken.refused)
      done.bodies.add(Double(taken.jobs.count))
      done.seconds.add(duration / .seconds(1))
    }
  }

  /// Runs one body in its savepoint; throws only what ends the whole batch.
  private func run(
    _ job: Job, in transaction: WriteTransaction, on connection: any Connection, waiting: Bool
  ) throws -> (answer: @Sendable () -> Void, isRefused: Bool) {
    try connection.savepoint(lazily: !waiting)
    let mark = transaction.beginBody(as: job.actor)
    do {
      let answer = try job.attempt(transaction)
      if let failure = transaction.failure { throw failure }
      try connection.releaseSavepoint(waiting: waiting)
      return (answer, false)
    } catch let error as StorageError where error.endsTransaction {
      throw error
    } catch let error as EarlierBodyFailed {
      throw error
    } catch {
      try connection.rollbackToSavepoint()
      try connection.releaseSavepoint(waiting: waiting)
      transaction.undoBody(to: mark)
      return ({ job.fail(error) }, true)
    }
  }

  private func abandon(_ jobs: [Job], on connection: any Connection, because error: any Error) {
    edge.forget()
    done.withLock { $0.failed += Int64(jobs.count) }
    // The first error is the one to tell; that the connection has no transaction left to roll back is no news.
    try? connection.rollback()
    for job in jobs { job.fail(error) }
  }
}
