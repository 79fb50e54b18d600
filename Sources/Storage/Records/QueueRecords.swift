public import Domain

/// What waits for whom.
public enum QueueKind: String, Sendable, Hashable, CaseIterable {
  case assess
  case confirm
  case deconflict
  case clear
  case refer
  /// Held by deconfliction.
  case held
  /// Held once, not any more, and not sent.
  case released
  /// The provider says that it is gone, and it was seen live.
  case contradicted
  /// Seen gone, and there again since the newest referral.
  case reappeared
}

extension ReadTransaction {
  /// Items that wait for a step, in the order of their first report, after a journal index.
  public func queue(
    _ kind: QueueKind, operation: ID<Operation>?, _ page: Page, at now: Instant, for viewer: Viewer
  ) throws -> [WorkItem] {
    let visible = viewer.condition(on: "items")
    let condition = Self.condition(kind, now: now, viewer: viewer)
    return try connection.rows(
      """
      \(WorkItem.select)
      WHERE items.row > ? AND (? IS NULL OR operations.id = ?) AND \(condition.sql) AND \(visible.sql)
      ORDER BY items.row LIMIT \(page.limit)
      """,
      [.integer(page.after), .optional(operation?.identifier), .optional(operation?.identifier)] + condition.values
        + visible.values
    ) { try WorkItem($0) }
  }

  private static func condition(
    _ kind: QueueKind, now: Instant, viewer: Viewer
  ) -> (sql: String, values: [Value]) {
    let isConfirmed = "assessments.agrees = 1 AND assessments.decision = 'refer'"
    let isOpen = "(referrals.row IS NULL OR referrals.retracted_idx IS NOT NULL)"
    let isHeld =
      "deconflictions.hold_idx IS NOT NULL AND deconflictions.lifted_idx IS NULL AND deconflictions.held_until > ?"
    switch kind {
    case .assess: return ("(assessments.item IS NULL OR assessments.agrees = 0)", [])
    case .confirm:
      return (
        "assessments.item IS NOT NULL AND assessments.second IS NULL AND assessors.id <> ?",
        [.identifier(viewer.user.identifier)]
      )
    case .deconflict:
      return (
        "\(isConfirmed) AND \(isOpen) AND (deconflictions.item IS NULL OR deconflictions.valid_until <= ?)",
        [.instant(now)]
      )
    case .clear:
      return (
        """
        \(isConfirmed) AND \(isOpen) AND deconflictions.valid_until > ? AND deconflictions.clear_idx IS NULL
          AND deconflictions.result <> 'duplicate' AND NOT coalesce(\(isHeld), 0 = 1)
        """, [.instant(now), .instant(now)]
      )
    case .refer: return ("\(isConfirmed) AND \(isOpen) AND deconflictions.clear_until > ?", [.instant(now)])
    case .held: return (isHeld, [.instant(now)])
    case .released:
      return (
        "deconflictions.hold_idx IS NOT NULL AND deconflictions.lifted_idx IS NOT NULL AND \(isConfirmed) AND \(isOpen)",
        []
      )
    case .contradicted: return ("watches.contradicted_idx > referrals.answered_idx", [])
    case .reappeared: return ("watches.reappeared_idx > referrals.row", [])
    }
  }
}
