public import Domain
public import Storage

/// One event in the history of an item, as it is shown.
public struct HistoryEntry: Sendable, Hashable {
  public let header: EventHeader
  /// The actor's name; nil where it is a provider's desk that the viewer does not know, or was erased.
  public let actorName: String?
  /// The facts, canonical JSON.
  public let facts: String
  /// The personal part; nil where there is none or it was erased.
  public let personal: String?
}

/// Everything that is known of an item, and what may be done next.
public struct ItemDossier: Sendable {
  public let item: Item
  public let provider: Provider?
  public let operation: Operation?
  public let work: WorkItem
  /// Oldest first.
  public let history: [HistoryEntry]
  public let steps: [NextStep]
}

extension Desk {
  /// The whole of an item; throws ``Refusal/notFound(_:)`` alike where there is none and where the caller may not see it.
  public func dossier(_ id: ID<Item>, as caller: Caller) async throws -> ItemDossier {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readItems, in: tx, at: now)
      guard let item = try tx.item(id, for: caller.viewer), let work = try tx.workItem(id, for: caller.viewer) else {
        throw Refusal.notFound("such item")
      }
      return ItemDossier(
        item: item, provider: try tx.provider(item.provider),
        operation: try item.operation.flatMap { try tx.operation($0, of: caller.user.agency) }, work: work,
        history: try Self.history(of: id, in: tx), steps: NextStep.all(for: work, caller: caller, at: now))
    }
  }

  private static func history(of item: ID<Item>, in tx: ReadTransaction) throws -> [HistoryEntry] {
    var names: [Identifier: String?] = [:]
    return try tx.journal(of: item.identifier).map { row in
      let header = try row.recorded().header
      let name = try names[header.actor] ?? tx.user(ID(header.actor))?.name
      names[header.actor] = name
      return HistoryEntry(
        header: header, actorName: name, facts: String(decoding: row.facts, as: UTF8.self),
        personal: row.personal.map { String(decoding: $0, as: UTF8.self) })
    }
  }

  /// These items, as the rules see them; those that the caller may not see are left out.
  public func workItems(_ ids: [ID<Item>], as caller: Caller) async throws -> [WorkItem] {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readItems, in: tx, at: now)
      let items = try tx.workItems(ids, for: caller.viewer)
      return ids.compactMap { items[$0] }
    }
  }

  /// A page of what waits for a step, in the order of the first report.
  public func queue(
    _ kind: QueueKind, operation: ID<Operation>?, _ page: Page, as caller: Caller
  ) async throws -> [WorkItem] {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readItems, in: tx, at: now)
      return try tx.queue(kind, operation: operation, page, at: now, for: caller.viewer)
    }
  }
}
