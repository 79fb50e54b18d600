import Domain
import Storage

/// What became of one entry of a request that names many.
public enum WorkOutcome: Sendable, Hashable {
  /// On record, with the journal index of its event.
  case recorded(Int64)
  /// A rule or a missing right stood against it; nothing was recorded for it.
  case refused(Refusal)
}

extension Desk {
  /// The most items in one request.
  public static let mostInOneRequest = 1_000

  /// Decides about items in one commit: each by itself, on what the transaction sees.
  ///
  /// An item that the caller may not see does not exist. `decide` returns what to record, the event that
  /// answers the caller last; what it throws refuses that entry alone.
  func work<Draft: Sendable>(
    _ permission: Permission, on drafts: [Draft], as caller: Caller,
    item: @escaping @Sendable (Draft) -> ID<Item>,
    _ decide: @escaping @Sendable (Draft, WorkItem, WriteTransaction) throws -> [any Event]
  ) async throws -> [WorkOutcome] {
    try caller.require(permission)
    guard (1...Self.mostInOneRequest).contains(drafts.count) else {
      throw Refusal.invalid("one request names 1 to \(Self.mostInOneRequest) items, not \(drafts.count)")
    }
    return try await store.write(as: caller.user.id) { tx in
      try caller.confirm(permission, in: tx.reading, at: tx.now)
      let items = try tx.reading.workItems(drafts.map(item), for: caller.viewer)
      var work = WorkInProgress(tx)
      for draft in drafts {
        try work.add(item(draft)) {
          guard let found = items[item(draft)] else { throw Refusal.notFound("such item") }
          return try decide(draft, found, tx)
        }
      }
      return try work.record()
    }
  }
}

/// The events of a request, gathered and recorded together.
struct WorkInProgress {
  private let transaction: WriteTransaction
  private var sealed: [SealedEvent] = []
  private var outcomes: [WorkOutcome] = []
  private var seen: Set<ID<Item>> = []

  init(_ transaction: WriteTransaction) { self.transaction = transaction }

  /// A second word on an item in the same request would be decided on what the first one changes: it is refused.
  mutating func add(_ item: ID<Item>, _ decide: () throws -> [any Event]) throws {
    do {
      guard seen.insert(item).inserted else { throw Refusal.invalid("the item is named twice in one request") }
      for event in try decide() { sealed.append(transaction.seal(event)) }
      outcomes.append(.recorded(transaction.nextIndex + Int64(sealed.count) - 1))
    } catch let refusal as Refusal {
      outcomes.append(.refused(refusal))
    }
  }

  func record() throws -> [WorkOutcome] {
    try transaction.record(sealed)
    return outcomes
  }
}
