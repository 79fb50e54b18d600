import Dispatch
import Domain
import Synchronization
import TransparencyLog

/// Recomputes the tree from the stored leaf bytes and holds everything else about the journal against it.
struct JournalAudit {
  private let connection: any Connection
  private let progress: (_ done: Int64) -> Void
  private var edge = TreeEdge()
  private var lastInstant = Instant(microseconds: 0)
  private var lacking: Set<Int64> = []
  private var erased: [Int64: Int64] = [:]
  /// The roots of the recomputed tree at the sizes that checkpoints speak of.
  private(set) var roots: [UInt64: TreeHash] = [:]
  private let wantedSizes: Set<UInt64>

  init(connection: any Connection, wantedSizes: Set<UInt64>, progress: @escaping (Int64) -> Void) {
    self.connection = connection
    self.wantedSizes = wantedSizes
    self.progress = progress
    if wantedSizes.contains(0) { roots[0] = edge.root }
  }

  var size: UInt64 { edge.size }
  var root: TreeHash { edge.root }

  mutating func run(into report: inout VerificationReport) throws {
    let misplaced = try connection.rows("SELECT idx FROM journal WHERE idx < 0 ORDER BY idx") { $0.integer(0) }
    for index in misplaced { report.add(.leaf(index), "no leaf has such an index") }
    while try readBatch(into: &report) { progress(Int64(edge.size)) }
    checkErasures(into: &report)
    try checkEdge(into: &report)
    try checkHead(into: &report)
    report.size = edge.size
    report.root = edge.root
    report.erased = lacking.count
  }

  /// Reads the next rows and checks them on all cores; false at the end.
  private mutating func readBatch(into report: inout VerificationReport) throws -> Bool {
    let rows = try connection.rows(
      "SELECT \(StoredEvent.columns) FROM journal WHERE idx >= ? ORDER BY idx LIMIT 16384",
      [.integer(Int64(edge.size))]
    ) { StoredEvent($0) }
    for check in Self.check(rows) {
      guard check.index == Int64(edge.size) else {
        report.add(.leaf(Int64(edge.size)), "it is missing: the next one is leaf \(check.index)")
        return false
      }
      take(check, into: &report)
    }
    try compareTiles(edge.takeCompletedTiles(), into: &report)
    return rows.count == 16_384
  }

  private static func check(_ rows: [StoredEvent]) -> [LeafCheck] {
    let parts = 8
    let size = (rows.count + parts - 1) / parts
    guard size > 0 else { return [] }
    let checked = Mutex([[LeafCheck]](repeating: [], count: parts))
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      let slice = rows.dropFirst(part * size).prefix(size)
      let result = slice.map { LeafCheck($0) }
      checked.withLock { $0[part] = result }
    }
    return checked.withLock { Array($0.joined()) }
  }

  private mutating func take(_ check: LeafCheck, into report: inout VerificationReport) {
    if let problem = check.problem { report.add(.leaf(check.index), problem) }
    if let at = check.at {
      if at < lastInstant { report.add(.leaf(check.index), "its instant lies before the leaf in front of it") }
      lastInstant = max(lastInstant, at)
    }
    if check.lacksPersonal { lacking.insert(check.index) }
    for index in check.erases { erased[index] = check.index }
    edge.append(check.hash)
    if wantedSizes.contains(edge.size) { roots[edge.size] = edge.root }
  }

  private func checkErasures(into report: inout VerificationReport) {
    for index in lacking.sorted() where erased[index] == nil {
      report.add(.leaf(index), "its personal part is gone, and no event says that it was erased")
    }
    for (index, by) in erased.sorted(by: { $0.key < $1.key }) where !lacking.contains(index) {
      report.add(.leaf(index), "leaf \(by) says that its personal part was erased, but it is there")
    }
  }

  private func compareTiles(_ tiles: [Tile], into report: inout VerificationReport) throws {
    for tile in tiles {
      let stored = try connection.first(
        "SELECT hashes FROM journal_tiles WHERE level = ? AND idx = ?",
        [.integer(Int64(tile.coordinate.level)), .integer(Int64(tile.coordinate.index))]
      ) { $0.blob(0) }
      guard stored != tile.hashes else { continue }
      tell(stored, against: tile, into: &report)
    }
  }

  /// Names the leaf where the tile is of leaves; which of the two was changed can't be told from them alone.
  private func tell(_ stored: [UInt8]?, against tile: Tile, into report: inout VerificationReport) {
    let place = Finding.Place.tile(tile.coordinate.path)
    guard let stored else { return report.add(place, "the tile is missing") }
    let byte =
      zip(stored, tile.hashes).enumerated().first { $1.0 != $1.1 }?.offset ?? min(stored.count, tile.hashes.count)
    let position = byte / TreeHash.length
    if tile.coordinate.level == 0, stored.count == tile.hashes.count {
      let leaf = tile.coordinate.index * 256 + UInt64(position)
      report.add(place, "its hash of leaf \(leaf) is not the one that the leaf's bytes give")
    } else {
      report.add(place, "hash \(position) is not what the leaves give")
    }
  }

  /// The tiles that are not full, and that there are no others.
  private func checkEdge(into report: inout VerificationReport) throws {
    let partial = edge.partialTiles.filter { $0.coordinate.level > 0 }
    try compareTiles(partial, into: &report)
    let counts = try connection.rows(
      "SELECT level, count(*), max(idx) FROM journal_tiles GROUP BY level ORDER BY level"
    ) {
      (level: $0.integer(0), count: $0.integer(1), last: $0.integer(2))
    }
    for found in counts {
      let full = found.level < 0 || found.level > 7 ? 0 : Int64(edge.size >> UInt64(8 * found.level + 8))
      let expected = full + (partial.contains { Int64($0.coordinate.level) == found.level } ? 1 : 0)
      if found.count != expected || found.last != expected - 1 {
        report.add(
          .table("journal_tiles"), "level \(found.level) has \(found.count) tiles where the leaves give \(expected)")
      }
    }
  }

  private func checkHead(into report: inout VerificationReport) throws {
    let heads = try connection.first("SELECT count(*) FROM journal_head") { $0.integer(0) } ?? 0
    if heads > 1 || (heads == 0 && edge.size > 0) { report.add(.head, "there are \(heads) rows where one must be") }
    let head: JournalHead
    do { head = try JournalHead.read(connection) } catch {
      report.add(.head, "\(error)")
      return
    }
    if head.size != Int64(edge.size) {
      report.add(.head, "it says \(head.size) leaves, but there are \(edge.size)")
    } else if head.root != edge.root {
      report.add(.head, "its root is not the one that the leaves give")
    } else if head.at != lastInstant {
      report.add(.head, "its instant is not the last leaf's")
    }
  }
}
