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
    var next = 1_000
    var isRunning = false
  }

  private let settings: PostgresSettings
  private let tableNames: String
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "cordon.postgres.statistics")

  /// - Parameter tableNames: the query for the names of the record's tables.
  init(_ settings: PostgresSettings, tableNames: String) {
    self.settings = settings
    self.tableNames = tableNames
  }

  /// Counts changed rows; each time they have doubled, the tables are looked at on a connection of its own.
  func count(_ changes: Int) {
    let isDue = state.withLock { state in
      state.changes += changes
      guard state.changes >= state.next, !state.isRunning else { return false }
      state.next = state.changes * 2
      state.isRunning = true
      return true
    }
    guard isDue else { return }
    queue.async {
      // Without it everything goes on, more slowly; the next doubling tries again.
      try? self.analyze()
      self.state.withLock { $0.isRunning = false }
    }
  }

  private func analyze() throws {
    let link = try PostgresLink(settings)
    let tables = PostgresResult(PQexec(link.handle, tableNames))
    try tables.requireSuccess(on: link.handle)
    for row in 0..<tables.rowCount {
      guard let table = tables.textForm(row, 0) else { continue }
      try PostgresResult(PQexec(link.handle, "ANALYZE \"\(table)\"")).requireSuccess(on: link.handle)
    }
  }
}
