public import Domain
public import Storage
import TransparencyLog

/// An operation as it is told afterwards: what was referred, what was claimed, what was seen, what came back.
public struct OperationReport: Sendable {
  public let board: OperationBoard
  public let scorecards: [ProviderScorecard]
  /// The strictest of the items' codes; the report is handled by it.
  public let handling: HandlingCode
  /// What could be seen of the outlets that the caller's agency watches for this operation.
  public let outlets: [OutletTrend]
  /// The journal entries behind each figure, as ascending ranges without gaps.
  public let entries: [Figure: [ClosedRange<Int64>]]
  /// Root of the journal of ``OperationBoard/journalSize`` leaves, in lower-case hexadecimal.
  public let journalRoot: String

  /// The parts of the report, in their order.
  public enum Part: String, Sendable, Hashable, CaseIterable {
    case referred, claimed, seen
    case cameBack = "came_back"

    public var figures: [Figure] {
      switch self {
      case .referred: [.reported, .assessed, .confirmed, .rejected, .held, .cleared, .referred, .delivered, .retracted]
      case .claimed: [.answered, .claimedGone, .refused]
      case .seen: [.seenGone, .contradicted]
      case .cameBack: [.reappeared, .returned]
      }
    }
  }
}

/// An outlet's posts a day, before the operation's opening, and since its H-hour.
public struct OutletTrend: Sendable, Hashable {
  public let name: String?
  /// Mean posts a day; nil without a day.
  public let postsBefore: Double?
  public let postsSince: Double?
  public let days: Int
}

extension Desk {
  /// Compiles the report of an operation in which the caller's agency takes part.
  public func compileReport(of id: ID<Operation>, as caller: Caller) async throws -> OperationReport {
    // All of it from one snapshot, or a figure and its entries could differ.
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readItems, in: tx, at: now)
      let board = try Self.board(of: id, for: caller.viewer, in: tx)
      let outlets = try tx.outlets(of: caller.user.agency).filter { $0.operation == id }
      var tree = try tx.journalTree(size: UInt64(board.journalSize))
      return OperationReport(
        board: board, scorecards: try Self.scorecards(of: board, for: caller.viewer, in: tx),
        handling: try tx.strictestHandling(of: id, for: caller.viewer) ?? .h0,
        outlets: try outlets.map { Self.trend($0, try tx.observations(of: $0.id), of: board.operation) },
        entries: try tx.allEntries(of: id, for: caller.viewer).mapValues(Self.ranges),
        journalRoot: Hex.encode(try tree.root().bytes))
    }
  }

  private static func trend(_ outlet: Outlet, _ days: [OutletDay], of operation: Operation) -> OutletTrend {
    let turn = operation.hHour ?? operation.openedAt
    func mean(_ days: [OutletDay]) -> Double? {
      days.isEmpty ? nil : Double(days.map(\.posts).reduce(0, +)) / Double(days.count)
    }
    return OutletTrend(
      name: outlet.name, postsBefore: mean(days.filter { $0.day < turn }),
      postsSince: mean(days.filter { $0.day >= turn }), days: days.count)
  }

  private static func ranges(_ ascending: [Int64]) -> [ClosedRange<Int64>] {
    var ranges: [ClosedRange<Int64>] = []
    for index in ascending {
      if let last = ranges.last, index <= last.upperBound + 1 {
        ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, index)
      } else {
        ranges.append(index...index)
      }
    }
    return ranges
  }
}
