import Casework
import Domain
import Storage
import TransparencyLog

/// What an exercise came to: each a fold over the journal, described in `docs/figures.md`.
public struct ExerciseSummary: Sendable, Hashable {
  public var itemsReported: Int64 = 0
  public var itemsUnique: Int64 = 0
  public var assessed: Int64 = 0
  public var confirmed: Int64 = 0
  public var held: Int64 = 0
  public var referred: Int64 = 0
  public var providers: Int64 = 0
  public var answered: Int64 = 0
  public var verifiedGone: Int64 = 0
  public var claimedButLive: Int64 = 0
  public var reappeared: Int64 = 0
  public var looks: Int64 = 0
  public var journalSize: Int64 = 0
  /// Lower-case hexadecimal.
  public var journalRoot = ""
  /// Measured, not folded: seconds of a real clock.
  public var wallSeconds = 0.0
  /// The most memory that all our processes held, summed, in MiB.
  public var peakMebibytes = 0.0

  public init() {}

  /// The members of the JSON object in their order, with what a number's text is.
  public var members: [(name: String, value: String)] {
    [
      ("items_reported", "\(itemsReported)"), ("items_unique", "\(itemsUnique)"), ("assessed", "\(assessed)"),
      ("confirmed", "\(confirmed)"), ("held", "\(held)"), ("referred", "\(referred)"), ("providers", "\(providers)"),
      ("answered", "\(answered)"), ("verified_gone", "\(verifiedGone)"), ("claimed_but_live", "\(claimedButLive)"),
      ("reappeared", "\(reappeared)"), ("looks", "\(looks)"), ("journal_size", "\(journalSize)"),
      ("journal_root", "\"\(journalRoot)\""), ("wall_seconds", Self.rounded(wallSeconds)),
      ("peak_rss_mb", Self.rounded(peakMebibytes)),
    ]
  }

  public var json: String {
    "{" + members.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",") + "}"
  }

  private static func rounded(_ number: Double) -> String { "\((number * 100).rounded() / 100)" }
}

extension Director {
  /// The counts of the action's items, whatever has become of them since.
  public func summary() async throws -> ExerciseSummary {
    let board = try await desk.board(of: operation, as: coordinator)
    let total = board.total
    let head = try await desk.store.read { try $0.journalHead() }
    var summary = ExerciseSummary()
    summary.itemsReported = total.reports
    summary.itemsUnique = try await desk.store.read { [operation] in try $0.distinctLocators(of: operation) }
    summary.assessed = total[.assessed]
    summary.confirmed = total[.confirmed]
    summary.held = total[.held]
    summary.referred = total[.referred]
    summary.providers = Int64(board.providers.count { $0.figures[.referred] > 0 })
    summary.answered = total[.answered]
    summary.verifiedGone = total[.seenGone]
    summary.claimedButLive = total[.contradicted]
    summary.reappeared = total[.reappeared]
    summary.looks = total.looks
    summary.journalSize = head.size
    summary.journalRoot = Hex.encode(head.root.bytes)
    return summary
  }
}
