public import Domain
public import Storage

/// An operation at a glance.
public struct OperationBoard: Sendable {
  public let operation: Operation
  public let participants: [Agency]
  public let providers: [ProviderFigures]
  /// How many events the journal had.
  public let journalSize: Int64
  public let at: Instant

  public var total: Figures { providers.map(\.figures).reduce(Figures(), +) }
}

/// How a provider does, in one operation or in all.
public struct ProviderScorecard: Sendable {
  public let provider: Provider
  public let figures: Figures
  /// Median seconds from delivery to the answer; nil without one.
  public let medianToAnswer: Int64?
  /// Median seconds from delivery to the first look that found it gone.
  public let medianToSeenGone: Int64?
}

extension Desk {
  /// The figures of an operation in which the caller's agency takes part.
  public func board(of id: ID<Operation>, as caller: Caller) async throws -> OperationBoard {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readItems, in: tx, at: now)
      return try Self.board(of: id, for: caller.viewer, in: tx)
    }
  }

  static func board(of id: ID<Operation>, for viewer: Viewer, in tx: ReadTransaction) throws -> OperationBoard {
    guard let operation = try tx.operation(id, of: viewer.agency) else { throw Refusal.notFound("such operation") }
    let head = try tx.journalHead()
    return OperationBoard(
      operation: operation, participants: try tx.participants(of: id),
      providers: try tx.figures(of: id, for: viewer), journalSize: head.size, at: head.at)
  }

  public func scorecards(of id: ID<Operation>, as caller: Caller) async throws -> [ProviderScorecard] {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readItems, in: tx, at: now)
      let board = try Self.board(of: id, for: caller.viewer, in: tx)
      return try Self.scorecards(of: board, for: caller.viewer, in: tx)
    }
  }

  static func scorecards(
    of board: OperationBoard, for viewer: Viewer, in tx: ReadTransaction
  ) throws -> [ProviderScorecard] {
    let times = try tx.providerTimes(of: board.operation.id, for: viewer)
    return board.providers.map { entry in
      let times = times[entry.provider.id] ?? ProviderTimes()
      return ProviderScorecard(
        provider: entry.provider, figures: entry.figures, medianToAnswer: times.toAnswer.median,
        medianToSeenGone: times.toSeenGone.median)
    }
  }

  /// The journal entries behind a figure, ascending, after an index.
  public func entries(
    behind figure: Figure, of operation: ID<Operation>, provider: ID<Provider>?, _ page: Page, as caller: Caller
  ) async throws -> [Int64] {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readItems, in: tx, at: now)
      guard try tx.operation(operation, of: caller.user.agency) != nil else {
        throw Refusal.notFound("such operation")
      }
      return try tx.entries(behind: figure, of: operation, provider: provider, page, for: caller.viewer)
    }
  }
}

extension [Int64] {
  /// The middle of an ascending list, the lower of two.
  fileprivate var median: Int64? { isEmpty ? nil : self[(count - 1) / 2] }
}
