import Dispatch
import GRDB
import GRDBSQLite
import Storage
import Synchronization

/// Copies the write-ahead log back into the database beside the writer, so that no commit waits for it.
///
/// SQLite would do it inside whichever commit fills the log: tens of megabytes while everybody waits.
/// Here a connection of its own copies while commits go on, round after round until little is left;
/// the writer then copies that rest between two commits, and the log begins anew.
final class WriteAheadLog: Sendable {
  /// Frames (pages) in the log from which it is copied: 4 MB. Little at a time keeps each flush of the
  /// database short, and with it the wait of the commits that flush the log meanwhile.
  private static let enough = 1_000
  /// After a commit of an import, which alone is longer than that: 512 MB. It touches every page of a large index,
  /// commit after commit, and each of them is then copied once.
  private static let enoughInBulk = 131_072
  private static let bulkCommit = 4_000
  /// Frames that the writer copies itself: a few milliseconds.
  private static let little = 512
  /// Frames from which a writer that is quicker than the copying has to wait for it: 1 GB.
  private static let tooMany = 262_144
  private static let mostRounds = 6

  private struct State {
    var isCopying = false
    var rest = false
    /// The length at the last attempt: with a long reader in the way the next one waits for more to do.
    var lastAttempt = 0
    var lastLength = 0
  }

  private let path: String
  private let faults: FaultMark
  private let queue = DispatchQueue(label: "cordon.write-ahead-log")
  private let frames = Atomic<Int>(0)
  private let state = Mutex(State())

  init(path: String, faults: FaultMark) {
    self.path = path
    self.faults = faults
  }

  /// Has the writing connection tell how long the log is after each commit; the object must outlive it.
  func observe(_ connection: OpaquePointer?) {
    sqlite3_wal_hook(
      connection,
      { context, _, _, count in
        guard let context else { return SQLITE_OK }
        let log = Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue()
        log.frames.store(Int(count), ordering: .relaxed)
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// To be called by the writer between two transactions.
  func afterCommit(_ connection: OpaquePointer) {
    let length = frames.load(ordering: .relaxed)
    let (copiesNow, starts) = state.withLock { state in
      if length < state.lastAttempt { state.lastAttempt = 0 }
      let isBulk = length - state.lastLength > Self.bulkCommit
      state.lastLength = length
      let copiesNow = state.rest || length > state.lastAttempt + Self.tooMany
      state.rest = false
      let enough = isBulk ? Self.enoughInBulk : Self.enough
      let starts = !copiesNow && !state.isCopying && length > state.lastAttempt + enough
      if starts { state.isCopying = true }
      if copiesNow || starts { state.lastAttempt = length }
      return (copiesNow, starts)
    }
    if copiesNow { copy(connection) }
    if starts { queue.async { self.copyBeside() } }
  }

  /// Waits for the copying that is under way.
  func finish() { queue.sync {} }

  /// What fails here loses nothing, since the log keeps everything; but a disk that failed is not trusted again.
  private func copyBeside() {
    var isNearlyDone = false
    defer {
      state.withLock { state in
        state.isCopying = false
        // More than a little would keep everybody waiting: then the next attempt goes on.
        state.rest = isNearlyDone
      }
    }
    guard let database = try? DatabaseQueue(path: path) else { return }
    database.inDatabase { database in
      for _ in 0..<Self.mostRounds {
        let copied = copy(database.sqliteConnection)
        isNearlyDone = frames.load(ordering: .relaxed) - copied < Self.little
        if isNearlyDone { return }
      }
    }
  }

  /// Copies what no reader needs any more; returns how many frames are in the database now.
  @discardableResult
  private func copy(_ connection: OpaquePointer?) -> Int {
    var length: Int32 = 0
    var copied: Int32 = 0
    let code = sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, &length, &copied)
    if code != SQLITE_OK {
      _ = faults.noted(StorageError(sqliteCode: code, message: String(cString: sqlite3_errmsg(connection))))
    }
    return Int(copied)
  }
}
