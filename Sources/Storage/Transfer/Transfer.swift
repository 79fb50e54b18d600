public import Domain
public import TransparencyLog

/// Copies a record from one store into an empty one by replaying its journal.
///
/// Events are read on one snapshot and written as they are: no byte is encoded anew, and what was erased
/// stays so. The tables are folded from them by the code that folded them the first time. What is no
/// projection and follows from no event, password verifiers and checkpoints, is copied row by row. Until
/// the last commit the target is marked, and no program opens it.
public struct Transfer: Sendable {
  /// What was copied.
  public struct Result: Sendable, Hashable {
    /// How many events the snapshot had: what was recorded later is not in the copy.
    public let size: Int64
    /// The root of both journals at this size.
    public let root: TreeHash
    /// The instant of the last event.
    public let at: Instant
    /// How many events have lost their personal part, by erasure.
    public let erased: Int64
  }

  /// Called for the digest of each blob that an event names, in the order of the journal.
  public typealias BlobVisitor = @Sendable (_ digest: [UInt8]) throws -> Void

  private let source: any Engine
  private let target: any Engine
  private let mark: TransferMark

  // A few megabytes of events: enough for the tables' indexes to be filled in order, and a bound on memory.
  static let page = 8_192

  /// `run` is a fresh identifier: by it a transfer knows its own mark.
  public init(from source: any Engine, to target: any Engine, run: Identifier) {
    self.source = source
    self.target = target
    mark = TransferMark(run: run, dialect: target.dialect)
  }

  /// Marks the target as one into which a record is being moved.
  ///
  /// Throws ``TransferFault/targetInUse`` where it has one. A target that an earlier transfer left
  /// unfinished is emptied first.
  public func begin() throws {
    try target.blockingWrite { try mark.set(on: $0) }
  }

  /// Copies everything, after ``begin()``, and takes the mark away; the copy has the size and root of the source's head.
  ///
  /// - Parameters:
  ///   - blob: what is to be done with each blob that the events name.
  ///   - progress: events copied so far, and how many there are.
  public func run(
    blob: @escaping BlobVisitor = { _ in },
    progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
  ) async throws -> Result {
    try await source.read { [source, target, mark] reading in
      try Self.requireRecord(reading, dialect: source.dialect)
      let head = try JournalHead.read(reading)
      try target.blockingWrite { writing in
        try mark.restart(on: writing)
        try Migration.run(on: writing, dialect: target.dialect, into: mark)
        try Projections.rebuildOutdated(on: writing)
      }
      var copy = JournalCopy(source: reading, target: target, mark: mark, blob: blob)
      while try copy.copyPage() { progress(copy.size, head.size) }
      let result = try copy.finish(head)
      progress(head.size, head.size)
      return result
    }
  }

  private static func requireRecord(_ connection: any Connection, dialect: Dialect) throws {
    switch try RecordState.read(connection, dialect: dialect) {
    case .founded: return
    case .empty: throw TransferFault.noRecord
    case .unfinished: throw TransferFault.unfinished
    }
  }
}
