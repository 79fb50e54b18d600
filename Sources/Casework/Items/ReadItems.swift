public import Domain
public import Storage

extension Desk {
  /// The item; throws ``Refusal/notFound(_:)`` alike where there is none and where the caller may not see it.
  public func item(_ id: ID<Item>, as caller: Caller) async throws -> Item {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readItems, in: tx, at: now)
      guard let item = try tx.item(id, for: caller.viewer) else { throw Refusal.notFound("such item") }
      return item
    }
  }

  /// A page of items in the order of their first report.
  public func items(_ page: Page, as caller: Caller) async throws -> [Item] {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readItems, in: tx, at: now)
      return try tx.items(page, for: caller.viewer)
    }
  }

  /// Providers of whom the caller has items, with how many.
  public func providers(as caller: Caller) async throws -> [(provider: Provider, items: Int64)] {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readItems, in: tx, at: now)
      return try tx.providers(for: caller.viewer)
    }
  }

  public func operations(as caller: Caller) async throws -> [Operation] {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readItems, in: tx, at: now)
      return try tx.operations(of: caller.user.agency)
    }
  }
}
