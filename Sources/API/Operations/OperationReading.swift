public import Casework
import Domain
public import Storage
public import Wire

// What is read of operations, outlets and cases, as it goes over the wire.

extension FiguresMessage {
  init(_ figures: Figures) {
    self.init(
      Figure.allCases.map { ($0.member, figures[$0]) } + [("looks", figures.looks), ("reports", figures.reports)])
  }
}

extension Figure {
  /// The member that carries it: its code.
  fileprivate var member: StaticString {
    switch self {
    case .reported: "reported"
    case .assessed: "assessed"
    case .confirmed: "confirmed"
    case .rejected: "rejected"
    case .held: "held"
    case .cleared: "cleared"
    case .referred: "referred"
    case .delivered: "delivered"
    case .answered: "answered"
    case .refused: "refused"
    case .claimedGone: "claimed_gone"
    case .seenGone: "seen_gone"
    case .contradicted: "claimed_but_live"
    case .reappeared: "reappeared"
    case .copies: "copies"
    case .returned: "came_back_elsewhere"
    case .retracted: "retracted"
    }
  }
}

extension BoardMessage {
  public init(_ board: OperationBoard) {
    self.init(
      operation: board.operation, participants: board.participants,
      providers: board.providers.map { Part(provider: $0.provider, figures: FiguresMessage($0.figures)) },
      total: FiguresMessage(board.total), journalSize: board.journalSize, at: board.at)
  }
}

extension ScorecardMessage {
  public init(_ card: ProviderScorecard) {
    self.init(
      provider: card.provider, figures: FiguresMessage(card.figures), medianToAnswer: card.medianToAnswer,
      medianToSeenGone: card.medianToSeenGone)
  }
}

extension ObservationsMessage.Day {
  public init(_ day: OutletDay) {
    self.init(day: day.day, posts: day.posts, accounts: day.accounts, reach: day.reach)
  }
}

extension CaseMessage.Fact {
  public init(_ fact: CaseFact) {
    self.init(index: fact.index, kind: fact.kind, happenedAt: fact.happenedAt, note: fact.note)
  }
}
