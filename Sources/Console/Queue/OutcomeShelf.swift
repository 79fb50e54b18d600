import Casework
import Domain

/// What a bulk step came to, kept for a while so that its page can be loaded again.
///
/// Never the only place of a fact: what was done is in the journal.
actor OutcomeShelf {
  struct Entry: Sendable {
    let user: ID<User>
    let step: QueueStep
    let kind: String
    let operation: String?
    let outcomes: [(item: ID<Item>, outcome: WorkOutcome)]
  }

  private static let most = 256
  private var entries: [String: Entry] = [:]
  private var order: [String] = []

  func keep(_ entry: Entry, under key: String) {
    entries[key] = entry
    order.append(key)
    if order.count > Self.most { entries[order.removeFirst()] = nil }
  }

  func entry(_ key: String, of user: ID<User>) -> Entry? {
    entries[key].flatMap { $0.user == user ? $0 : nil }
  }
}
