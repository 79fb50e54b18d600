public import Domain
import TransparencyLog

/// What a body may do while it holds the write door open.
///
/// It reads what is in front of it in the same transaction, and changes the record only by
/// recording events. It lives as long as the body; keeping it is an error that the compiler prevents.
public final class WriteTransaction {
  /// The instant of everything that this body records.
  public private(set) var now: Instant
  /// Who acts.
  public private(set) var actor: Identifier

  let connection: any Connection
  private(set) var entry: JournalEdge.Entry
  let clock: any Clock
  private let random: any RandomSource
  private let projector: Projector
  /// What made a recording of this body fail; such a body can't be committed.
  private(set) var failure: (any Error)?

  init(
    connection: any Connection, entry: JournalEdge.Entry, clock: any Clock, random: any RandomSource, keys: RowKeys
  ) {
    self.connection = connection
    self.entry = entry
    self.clock = clock
    self.random = random
    now = entry.lastInstant
    actor = Identifier(high: 0, low: 0)
    projector = Projector(connection: connection, keys: keys)
  }

  /// A fresh identifier of version 7.
  public func makeIdentifier() -> Identifier { Identifier(at: now, random: random.words()) }

  /// The index that the next recorded event gets.
  public var nextIndex: Int64 { entry.size }

  /// Appends the event to the journal and applies it to the tables; returns its index.
  @discardableResult
  public func record(_ event: some Event) throws -> Int64 {
    try record([SealedEvent(event, random: RandomBox(random))]).lowerBound
  }

  /// Seals an event with this installation's randomness.
  public func seal(_ event: some Event) -> SealedEvent { SealedEvent(event, random: RandomBox(random)) }

  /// Appends the events in their order; returns their indexes.
  @discardableResult
  public func record(_ events: [SealedEvent]) throws -> Range<Int64> {
    guard !events.isEmpty else { return entry.size..<entry.size }
    do {
      return try append(events)
    } catch {
      // Half a record must not be committed, even by a body that goes on as if nothing had happened.
      failure = error
      throw error
    }
  }

  private func append(_ events: [SealedEvent]) throws -> Range<Int64> {
    let first = entry.size
    var rows = RowBatch(
      table: "journal",
      columns: ["idx", "subject", "leaf", "facts", "facts_salt", "personal", "personal_salt"],
      reservingRows: events.count, bytesPerRow: 1_024)
    var recorded: [RecordedEvent] = []
    recorded.reserveCapacity(events.count)
    let opening = LeafText.opening(actor: actor, at: now)
    for sealed in events {
      append(sealed, opening: opening, to: &rows.cells)
      recorded.append(RecordedEvent(header: header(of: sealed.event), event: sealed.event))
      entry.size += 1
    }
    entry.lastInstant = now
    try connection.insert(rows)
    try projector.apply(recorded)
    return first..<entry.size
  }

  /// Writes the row of an event and keeps its leaf's hash for the tree.
  private func append(_ sealed: SealedEvent, opening: [UInt8], to cells: inout CellBatch) {
    cells.integer(entry.size)
    cells.identifier(sealed.event.subject)
    cells.blob { bytes in
      let start = bytes.count
      bytes.append(contentsOf: opening)
      bytes.append(contentsOf: sealed.leafMiddle)
      bytes.append(contentsOf: String(entry.size).utf8)
      bytes.append(contentsOf: sealed.leafClosing)
      entry.leaves.append(
        bytes.withUnsafeBytes { Merkle.leafHash(UnsafeRawBufferPointer(rebasing: $0[start...])) })
    }
    cells.blob { $0.append(contentsOf: sealed.facts) }
    cells.identifier(sealed.factsSalt)
    if let personal = sealed.personal, let salt = sealed.personalSalt {
      cells.blob { $0.append(contentsOf: personal) }
      cells.identifier(salt)
    } else {
      cells.null()
      cells.null()
    }
  }

  private func header(of event: any Event) -> EventHeader {
    let eventType = Swift.type(of: event)
    return EventHeader(
      index: entry.size, at: now, type: event.type.rawValue, version: eventType.version, actor: actor,
      subject: event.subject)
  }

  // MARK: The lane's side

  struct Mark {
    fileprivate let entry: JournalEdge.Entry
  }

  func beginBody(as actor: Identifier) -> Mark {
    // The journal's time never goes back, whatever the machine's clock does.
    now = max(clock.now(), entry.lastInstant)
    self.actor = actor
    failure = nil
    return Mark(entry: entry)
  }

  func undoBody(to mark: Mark) {
    // A body that recorded nothing has found nothing that is gone now.
    if entry.size != mark.entry.size || failure != nil { projector.forget() }
    entry = mark.entry
  }

  /// The row keys that it shares with what it reads.
  var keys: RowKeys { projector.keys }
}

/// Lets an existential source be passed where a concrete one is wanted.
struct RandomBox: RandomSource {
  private let source: any RandomSource

  init(_ source: any RandomSource) { self.source = source }

  func words() -> (UInt64, UInt64) { source.words() }
}
