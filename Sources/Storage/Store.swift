public import Domain

/// Who waits for a write.
public enum WritePriority: Sendable, Hashable {
  /// Somebody at a desk or a program that wants its answer.
  case person
  /// One of many bodies of an import, of some thousand rows at most; lets persons go first.
  case bulk
}

/// The record: the only way in is ``write(as:_:)``, and it leaves a leaf for everything it changes.
public final class Store: Sendable {
  private let engine: any Engine
  private let lane: WriteLane

  /// Opens the database of an engine, creating or bringing up to date what is missing.
  ///
  /// Throws ``StorageError`` for a newer, foreign, damaged or locked database; such a one is not touched.
  public init(engine: any Engine, clock: any Clock, random: any RandomSource) async throws {
    self.engine = engine
    lane = WriteLane(engine: engine, clock: clock, random: random)
    let dialect = engine.dialect
    try await onWriter { connection in
      try Migration.run(on: connection, dialect: dialect)
      try Projections.rebuildOutdated(on: connection)
    }
  }

  /// Runs `body` in the write lane and returns its result once the commit is on disk.
  ///
  /// The body is synchronous and may run again after a storage error, so it has no effect but through
  /// the transaction. What it throws undoes it alone; a ``StorageError`` fails everything that shared its commit.
  public func write<T: Sendable>(
    as actor: ID<User>, priority: WritePriority = .person, _ body: @escaping @Sendable (WriteTransaction) throws -> T
  ) async throws -> T {
    try await enqueue(as: actor, priority: priority, body).value()
  }

  /// Puts `body` into the lane at once and returns; bodies of one priority run in the order of the calls.
  public func enqueue<T: Sendable>(
    as actor: ID<User>, priority: WritePriority, _ body: @escaping @Sendable (WriteTransaction) throws -> T
  ) -> PendingWrite<T> {
    let pending = PendingWrite<T>()
    lane.submit(
      WriteLane.Job(
        actor: actor.identifier,
        attempt: { transaction in
          let value = try body(transaction)
          return { pending.resolve(.success(value)) }
        },
        fail: { pending.resolve(.failure($0)) }),
      priority: priority)
    return pending
  }

  /// Runs `body` on a snapshot.
  public func read<T: Sendable>(_ body: @escaping @Sendable (ReadTransaction) throws -> T) async throws -> T {
    try await engine.read { try body(ReadTransaction(connection: $0)) }
  }

  /// After an erasure: no free page and no log keeps what was erased.
  public func compact() async throws { try await engine.compact() }

  /// Yields after a commit, so that work which it brought is looked for at once; see ``Engine/commits()``.
  public func commits() -> AsyncStream<Void> { engine.commits() }

  /// Why this process writes nothing any more; nil while it does.
  public var closed: StorageError? { lane.closed }

  /// What the write lane has done since the program started.
  public var laneStatistics: LaneStatistics { lane.statistics }

  var skipLocked: String { engine.dialect.skipLocked }

  /// Runs `work` on the writing connection, outside the lane: for the layout and leases, never for the record.
  func onWriter<T: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
    if let closed { throw closed }
    return try await withCheckedThrowingContinuation { continuation in
      engine.enqueueWrite { connection in continuation.resume(with: Result { try work(connection) }) }
    }
  }

  /// Runs `body` on a snapshot, for what is no part of the record.
  func reading<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
    try await engine.read(body)
  }
}
