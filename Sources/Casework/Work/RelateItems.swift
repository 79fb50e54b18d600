public import Domain
import Storage

/// That an item is a copy of another, or took its place.
public struct RelationDraft: Sendable, Hashable {
  public let item: ID<Item>
  public let relation: ItemRelation
  public let original: ID<Item>

  public init(item: ID<Item>, relation: ItemRelation, original: ID<Item>) {
    self.item = item
    self.relation = relation
    self.original = original
  }
}

extension Desk {
  /// Records how items stand to each other; the caller must see both.
  public func relate(_ drafts: [RelationDraft], as caller: Caller) async throws -> [WorkOutcome] {
    try await work(.watchOutlets, on: drafts, as: caller, item: \.item) { draft, item, tx in
      guard draft.original != draft.item else { throw Refusal.invalid("an item is not a copy of itself") }
      guard try tx.reading.item(draft.original, for: caller.viewer) != nil else {
        throw Refusal.notFound("such original")
      }
      return [
        ItemRelated(
          item: item.id, reportIndex: item.reportIndex, relation: draft.relation, original: draft.original)
      ]
    }
  }
}
