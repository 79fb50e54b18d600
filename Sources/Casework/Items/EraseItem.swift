public import Domain
import Storage

/// Why the law wants something erased.
public enum ErasureBasis: String, Sendable, Hashable, CaseIterable {
  /// Directive (EU) 2016/680, Article 16.
  case led = "led-16"
  /// Regulation (EU) 2016/679, Article 17.
  case gdpr = "gdpr-17"
  /// Regulation (EU) 2018/1725, Article 82.
  case eudpr = "eudpr-82"
  /// A retention period is over (Directive (EU) 2016/680, Article 5).
  case retention
}

extension Desk {
  /// Erases all personal parts of what was recorded about an item; facts, leaves and proofs stay.
  ///
  /// Returns the journal indexes whose personal part is gone, from the database file's free pages and log too.
  public func eraseItem(_ id: ID<Item>, basis: ErasureBasis, as caller: Caller) async throws -> [Int64] {
    let erased = try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.eraseItems, in: tx.reading, at: tx.now)
      guard let erased = try tx.erase(id, basis: basis.rawValue, for: caller.viewer) else {
        throw Refusal.notFound("such item")
      }
      return erased
    }
    try await store.compact()
    return erased
  }
}
