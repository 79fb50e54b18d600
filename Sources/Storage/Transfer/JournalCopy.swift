import Dispatch
import Domain
import Synchronization
import TransparencyLog

/// One pass over the source's journal: pages are checked, inserted as they are, and folded into the tables.
struct JournalCopy {
  private let source: any Connection
  private let target: any Engine
  private let mark: TransferMark
  private let blob: Transfer.BlobVisitor
  private var edge = TreeEdge()
  private var lastInstant = Instant(microseconds: 0)
  private var erased: Int64 = 0

  init(
    source: any Connection, target: any Engine, mark: TransferMark, blob: @escaping Transfer.BlobVisitor
  ) {
    self.source = source
    self.target = target
    self.mark = mark
    self.blob = blob
  }

  var size: Int64 { Int64(edge.size) }

  /// Copies the next events in one commit; false at the end.
  mutating func copyPage() throws -> Bool {
    let rows = try source.rows(
      "SELECT \(StoredEvent.columns) FROM journal WHERE idx >= ? ORDER BY idx LIMIT \(Transfer.page)",
      [.integer(size)]
    ) { StoredEvent($0) }
    guard !rows.isEmpty else { return false }
    let events = try take(rows)
    for recorded in events {
      if let looks = recorded.event as? LooksMade { try blob(looks.segment) }
    }
    let batch = Self.batch(rows)
    let tiles = edge.takeCompletedTiles()
    try commit { target in
      try target.insert(batch)
      try Projector(connection: target).apply(events)
      try TileTable.write(tiles, on: target)
    }
    return rows.count == Transfer.page
  }

  /// Writes what stands beside the events, holds the copy against the source's head, and takes the mark away.
  mutating func finish(_ head: JournalHead) throws -> Transfer.Result {
    guard size == head.size, edge.root == head.root, lastInstant == head.at else { throw TransferFault.mismatch }
    try copy("password_verifiers", key: "user_row", value: "verifier")
    try copy("checkpoints", key: "size", value: "note")
    try commit { target in
      // As the lane does it: above the leaves the edge is stored too.
      try TileTable.write(edge.partialTiles.filter { $0.coordinate.level > 0 }, on: target)
      try head.write(target)
      try mark.remove(on: target)
    }
    return Transfer.Result(size: size, root: edge.root, at: lastInstant, erased: erased)
  }

  /// Runs `body` in a transaction of the target, if it is still ours.
  ///
  /// The source is not read within: an engine may want its connection to be used on its own queue alone.
  private func commit(_ body: (any Connection) throws -> Void) throws {
    try target.blockingWrite { connection in
      try connection.begin()
      do {
        try mark.check(on: connection)
        try body(connection)
        try connection.commit()
      } catch {
        try? connection.rollback()
        throw error
      }
    }
  }

  /// Checks each leaf with both its commitments, and grows the tree.
  private mutating func take(_ rows: [StoredEvent]) throws -> [RecordedEvent] {
    for check in Self.checked(rows) {
      guard check.index == size else { throw TransferFault.damaged(leaf: size, problem: "it is missing") }
      if let problem = check.problem { throw TransferFault.damaged(leaf: size, problem: problem) }
      guard let at = check.at, at >= lastInstant else {
        throw TransferFault.damaged(leaf: size, problem: "its instant lies before the leaf in front of it")
      }
      lastInstant = at
      if check.lacksPersonal { erased += 1 }
      edge.append(check.hash)
    }
    return try rows.map { row in
      do { return try row.recorded() } catch {
        throw TransferFault.damaged(leaf: row.index, problem: "it can't be read: \(error)")
      }
    }
  }

  /// On all cores: hashing is most of the work.
  private static func checked(_ rows: [StoredEvent]) -> [LeafCheck] {
    let parts = 8
    let size = (rows.count + parts - 1) / parts
    let results = Mutex([[LeafCheck]](repeating: [], count: parts))
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      let result = rows.dropFirst(part * size).prefix(size).map { LeafCheck($0) }
      results.withLock { $0[part] = result }
    }
    return results.withLock { Array($0.joined()) }
  }

  private static func batch(_ rows: [StoredEvent]) -> RowBatch {
    var batch = RowBatch(
      table: "journal",
      columns: ["idx", "subject", "leaf", "facts", "facts_salt", "personal", "personal_salt"],
      reservingRows: rows.count, bytesPerRow: 1_024)
    for row in rows {
      batch.cells.integer(row.index)
      for bytes in [row.subject, row.leaf, row.facts, row.factsSalt] { batch.cells.blob(bytes) }
      batch.cells.blob(row.personal)
      batch.cells.blob(row.personalSalt)
    }
    return batch
  }

  /// Copies a table of an integer key and a text, a page at a time.
  private func copy(_ table: String, key: String, value: String) throws {
    var after = Int64.min
    while true {
      var batch = RowBatch(table: table, columns: [key, value])
      var count = 0
      try source.forEachRow(
        "SELECT \(key), \(value) FROM \(table) WHERE \(key) > ? ORDER BY \(key) LIMIT \(Transfer.page)",
        [.integer(after)]
      ) { row in
        after = row.integer(0)
        batch.cells.integer(after)
        batch.cells.text(row.text(1))
        count += 1
      }
      if count > 0 { try commit { try $0.insert(batch) } }
      if count < Transfer.page { return }
    }
  }
}
