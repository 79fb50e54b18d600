import Domain
public import Storage

/// What an operator watches: how much there is, and what waits. Nothing of it names an item or a person.
public struct OperatingFigures: Sendable, Hashable {
  public let journalEntries: Int64
  /// How many of them the newest signed checkpoint speaks for.
  public let checkpointedEntries: Int64
  /// What is due and not done, by the role that does it.
  public let due: [String: WorkDue]
}

extension Desk {
  /// The figures of the whole installation, for its operator.
  public func operatingFigures(as caller: Caller) async throws -> OperatingFigures {
    try requireOwner(caller)
    return try await store.read { [now = clock.now()] tx in
      OperatingFigures(
        journalEntries: try tx.journalHead().size, checkpointedEntries: try tx.checkpointedSize(),
        due: [
          "dispatch": try tx.dispatchDue(at: now), "looks": try tx.looksDue(at: now),
          "deadlines": try tx.holdsDue(at: now),
        ])
    }
  }
}
