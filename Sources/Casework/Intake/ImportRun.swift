import Domain
import Storage

/// The writing half of an import: bodies of about a thousand reports, many of them in the lane at once.
///
/// Each body checks that the one before it is on record, so that a failure in the middle leaves no gap
/// behind which a resumed import would not look.
struct ImportRun {
  private static let reportsInOneBody = 1_500
  /// Enough that the lane never waits for the reader; some tens of megabytes.
  private static let mostBodiesWaiting = 24

  let desk: Desk
  let caller: Caller
  let context: ReportContext
  private let importID: ID<Import>
  private var lastLine: Int64
  private var waiting: [PendingWrite<Void>] = []

  init(desk: Desk, caller: Caller, record: Import, context: ReportContext) {
    self.desk = desk
    self.caller = caller
    self.context = context
    importID = record.id
    lastLine = record.linesDone
  }

  mutating func submit(_ reports: [PreparedReport]) async throws {
    var start = 0
    while start < reports.count {
      var end = min(start + Self.reportsInOneBody, reports.count)
      // All reports of one line go together: a resumed import skips whole lines.
      while end < reports.count, reports[end].source?.line == reports[end - 1].source?.line { end += 1 }
      if waiting.count >= Self.mostBodiesWaiting { try await waiting.removeFirst().value() }
      enqueue(start == 0 && end == reports.count ? reports : Array(reports[start..<end]))
      start = end
    }
  }

  private mutating func enqueue(_ reports: [PreparedReport]) {
    let before = lastLine
    lastLine = reports.last?.source?.line ?? lastLine
    waiting.append(
      desk.store.enqueue(as: caller.user.id, priority: .bulk) { [caller, importID, owner = context.owner] tx in
        try caller.confirm(.reportItems, in: tx.reading, at: tx.now)
        guard try tx.reading.importRecord(importID)?.linesDone == before else { throw ImportFault.overtaken }
        _ = try tx.record(reports, owner: owner)
      })
  }

  /// Waits for everything and closes the import.
  mutating func finish(lines: Int64, rejected: Int64) async throws -> Import {
    for write in waiting { try await write.value() }
    waiting = []
    return try await desk.store.write(as: caller.user.id) { [caller, importID] tx in
      try caller.confirm(.reportItems, in: tx.reading, at: tx.now)
      try tx.record(ImportFinished(importID: importID, lines: lines, rejected: rejected))
      guard let record = try tx.reading.importRecord(importID) else {
        throw StorageError.damaged("the import that was finished is not there")
      }
      return record
    }
  }
}
