import CPQ
import Dispatch
import Storage
import Synchronization

/// Keeps what the planner knows of the tables in step with them while they grow from nothing.
///
/// PostgreSQL looks at new tables after a minute, and plans for empty ones until then: an import or an exercise
/// has made hundreds of thousands of rows by that time, and each question about them walks through all.
final class PostgresStatistics: Sendable {
  private struct State {
    var changes = 0
    var lastLook = ContinuousClock.now
    var isRunning = false
  }

  // Below this nothing is worth a look, and the server itself counts changes no more often than once a second.
  private static let fewestChanges = 500
  private static let pause = Duration.seconds(1)
  // A table that has changed by half since it was looked at, and by more than a handful, is looked at again.
  private static let changed = """
    SELECT relname::text FROM pg_stat_user_tables
    WHERE schemaname = current_schema() AND n_mod_since_analyze > 250 + n_live_tup / 2
    """

  private let settings: PostgresSettings
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "cordon.postgres.statistics")

  init(_ settings: PostgresSettings) { self.settings = settings }

  /// Counts changed rows; now and then the tables that have changed much are looked at on a connection of its own.
  func count(_ changes: Int) {
    let isDue = state.withLock { state in
      state.changes += changes
      let now = ContinuousClock.now
      guard state.changes >= Self.fewestChanges, now - state.lastLook >= Self.pause, !state.isRunning else {
        return false
      }
      state.changes = 0
      state.lastLook = now
      state.isRunning = true
      return true
    }
    guard isDue else { return }
    queue.async {
      // Without it everything goes on, more slowly; the next time tries again.
      try? self.analyze()
      self.state.withLock { $0.isRunning = false }
    }
  }

  private func analyze() throws {
    let link = try PostgresLink(settings)
    let tables = PostgresResult(PQexec(link.handle, Self.changed))
    try tables.requireSuccess(on: link.handle)
    for row in 0..<tables.rowCount {
      guard let table = tables.textForm(row, 0) else { continue }
      try PostgresResult(PQexec(link.handle, "ANALYZE \"\(table)\"")).requireSuccess(on: link.handle)
    }
  }
}
