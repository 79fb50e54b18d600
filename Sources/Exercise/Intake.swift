import Casework
import Crypto
import Domain

/// Puts what experts found on record, a thousand at a time, each request under a key of its own.
struct Intake: Sendable {
  private static let inOneRequest = 1_000

  let desk: Desk
  let chance: Chance

  /// Returns the items in the order of the addresses.
  @discardableResult
  func report(
    _ addresses: [String], by unit: Cast.Unit, operation: String, step: String
  ) async throws -> [ID<Item>] {
    var items: [ID<Item>] = []
    for start in stride(from: 0, to: addresses.count, by: Self.inOneRequest) {
      let part = addresses[start..<min(start + Self.inOneRequest, addresses.count)]
      let key = "\(step) \(unit.name) \(start)"
      let analyst = unit.analysts[chance.position("reporter", key, below: unit.analysts.count)]
      let reply = try await desk.reportItems(
        part.map { ReportedAddress(address: Array($0.utf8)) }, operation: operation,
        terms: ReportTerms(sharing: .operation),
        idempotency: Idempotency(keyDigest: Self.digest(key), bodyDigest: Self.digest(part.joined(separator: "\n"))) {
          SavedReply(status: 200, body: Self.text(of: $0))
        }, as: analyst)
      items += try Self.items(in: reply.reply.body)
    }
    return items
  }

  /// Records which of the known items these are copies or successors of.
  func relate(_ found: [(item: ID<Item>, original: String, relation: String)], by unit: Cast.Unit) async throws {
    let analyst = unit.analysts[0]
    let originals = try await desk.items(at: found.map(\.original), as: analyst)
    var drafts: [RelationDraft] = []
    for ((item, _, name), original) in zip(found, originals) {
      guard let original, original != item, let relation = ItemRelation(rawValue: name) else { continue }
      drafts.append(RelationDraft(item: item, relation: relation, original: original))
    }
    for start in stride(from: 0, to: drafts.count, by: Self.inOneRequest) {
      _ = try await desk.relate(Array(drafts[start..<min(start + Self.inOneRequest, drafts.count)]), as: analyst)
    }
  }

  private static func text(of outcomes: [ReportOutcome]) -> String {
    outcomes.map { outcome in
      switch outcome {
      case .new(let id), .sighted(let id): id.description
      case .rejected: "-"
      }
    }.joined(separator: " ")
  }

  private static func items(in reply: String) throws -> [ID<Item>] {
    try reply.split(separator: " ").map { word in
      guard let id = ID<Item>(word) else { throw ExerciseFault.refused("an address of the range was rejected") }
      return id
    }
  }

  private static func digest(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}
