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
  private let clock: any Clock
  private let random: any RandomSource
  private let projector: Projector

  init(connection: any Connection, entry: JournalEdge.Entry, clock: any Clock, random: any RandomSource) {
    self.connection = connection
    self.entry = entry
    self.clock = clock
    self.random = random
    now = entry.lastInstant
    actor = Identifier(high: 0, low: 0)
    projector = Projector(connection: connection)
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
    let first = entry.size
    var rows = RowBatch(
      table: "journal",
      columns: ["idx", "subject", "leaf", "facts", "facts_salt", "personal", "personal_salt"],
      reserving: events.count)
    var recorded: [RecordedEvent] = []
    recorded.reserveCapacity(events.count)
    entry.leaves.reserveCapacity(entry.leaves.count + events.count)
    for sealed in events {
      let header = header(of: sealed.event)
      let leaf = Leaf(
        header: header, factsCommitment: sealed.facts.commitment,
        personalCommitment: sealed.personal?.commitment
      ).bytes
      rows.append(
        .integer(header.index), .identifier(header.subject), .blob(leaf), .blob(sealed.facts.bytes),
        .blob(sealed.facts.salt), sealed.personal.map { .blob($0.bytes) } ?? .null,
        sealed.personal.map { .blob($0.salt) } ?? .null)
      entry.leaves.append(leaf.withUnsafeBytes { Merkle.leafHash($0) })
      entry.size += 1
      recorded.append(RecordedEvent(header: header, event: sealed.event))
    }
    entry.lastInstant = now
    try connection.insert(rows)
    try projector.apply(recorded)
    return first..<entry.size
  }

  private func header(of event: any Event) -> EventHeader {
    let eventType = Swift.type(of: event)
    return EventHeader(
      index: entry.size, at: now, type: eventType.type.rawValue, version: eventType.version, actor: actor,
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
    return Mark(entry: entry)
  }

  func undoBody(to mark: Mark) {
    entry = mark.entry
    projector.forget()
  }
}

/// Lets an existential source be passed where a concrete one is wanted.
struct RandomBox: RandomSource {
  private let source: any RandomSource

  init(_ source: any RandomSource) { self.source = source }

  func words() -> (UInt64, UInt64) { source.words() }
}
