import Domain
import Synchronization
import TransparencyLog

/// The tree's right edge, kept between commits and checked against the stored head before each use.
///
/// Another process may have written since: then the edge is read anew from the tiles.
final class JournalEdge: Sendable {
  /// The journal as one transaction finds it and leaves it.
  struct Entry {
    var size: Int64
    var lastInstant: Instant
    var leaves: [TreeHash] = []
    fileprivate let edge: TreeEdge
  }

  private struct Kept {
    var edge: TreeEdge?
    var candidate: TreeEdge?
  }

  private let kept = Mutex(Kept())

  func enter(_ connection: any Connection) throws -> Entry {
    let head = try JournalHead.read(connection)
    if let edge = kept.withLock({ $0.edge }), Int64(edge.size) == head.size, edge.root == head.root {
      return Entry(size: head.size, lastInstant: head.at, edge: edge)
    }
    let edge = try TreeEdge(size: UInt64(head.size)) { level, index, width in
      try TileTable.read(level: level, index: index, width: width, on: connection)
    }
    guard edge.root == head.root else {
      throw StorageError.damaged("the journal's head and its tiles disagree")
    }
    return Entry(size: head.size, lastInstant: head.at, edge: edge)
  }

  /// Writes the tiles and the head; to be followed by the commit and ``keep()``.
  func leave(_ entry: Entry, on connection: any Connection) throws {
    guard !entry.leaves.isEmpty else {
      kept.withLock { $0.candidate = entry.edge }
      return
    }
    var edge = entry.edge
    edge.append(contentsOf: entry.leaves)
    let completed = edge.takeCompletedTiles()
    try TileTable.write(completed, on: connection)
    if !completed.isEmpty {
      try TileTable.write(edge.partialTiles.filter { $0.coordinate.level > 0 }, on: connection)
    }
    try JournalHead(size: entry.size, root: edge.root, at: entry.lastInstant).write(connection)
    kept.withLock { [edge] in $0.candidate = edge }
  }

  /// The commit is on disk.
  func keep() {
    kept.withLock { kept in
      kept.edge = kept.candidate
      kept.candidate = nil
    }
  }

  func forget() { kept.withLock { $0 = Kept() } }
}
