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
  ///
  /// Which items wait is asked of the few tables that decide it; only those of the page are read whole.
  public func queue(
    _ kind: QueueKind, operation: ID<Operation>?, _ page: Page, at now: Instant, for viewer: Viewer
  ) throws -> [WorkItem] {
    let visible = viewer.condition(on: "items")
    let waiting = Waiting(kind, at: now, for: viewer)
    return try connection.rows(
      """
      \(WorkItem.select)
      WHERE items.row IN (
        SELECT items.row FROM \(waiting.tables)
        WHERE items.row > ? AND (? = 0 OR items.operation = (SELECT row FROM operations WHERE id = ?))
          AND \(waiting.condition) AND \(visible.sql)
        ORDER BY items.row LIMIT \(page.limit))
      ORDER BY items.row
      """,
      [.integer(page.after), .isGiven(operation), .optional(operation?.identifier)] + waiting.values
        + visible.values
    ) { try WorkItem($0) }
  }
}

/// How it is found out which items wait for a step.
private struct Waiting {
  let tables: String
  let condition: String
  let values: [Value]

  private static let isConfirmed = "assessments.agrees = 1 AND assessments.decision = 'refer'"
  /// The newest referral, if there is one, was taken back.
  private static let isOpen = """
    coalesce((SELECT CASE WHEN retracted_idx IS NULL THEN 1 ELSE 0 END FROM referrals
      WHERE item = items.row ORDER BY row DESC LIMIT 1), 0) = 0
    """
  private static let assessed = "assessments JOIN items ON items.row = assessments.item"
  private static let checked = """
    deconflictions JOIN items ON items.row = deconflictions.item JOIN assessments ON assessments.item = items.row
    """
  private static let watched = """
    watches JOIN items ON items.row = watches.item
      JOIN referrals ON referrals.row = (SELECT max(row) FROM referrals WHERE item = items.row)
    """

  init(_ kind: QueueKind, at now: Instant, for viewer: Viewer) {
    switch kind {
    case .assess:
      self.init(
        "items LEFT JOIN assessments ON assessments.item = items.row",
        "(assessments.item IS NULL OR assessments.agrees = 0)")
    case .confirm:
      self.init(
        Self.assessed,
        "assessments.second IS NULL AND assessments.assessor <> (SELECT row FROM users WHERE id = ?)",
        [.identifier(viewer.user.identifier)])
    case .deconflict:
      self.init(
        "\(Self.assessed) LEFT JOIN deconflictions ON deconflictions.item = items.row",
        """
        \(Self.isConfirmed) AND (deconflictions.item IS NULL OR deconflictions.valid_until <= ?) AND \(Self.isOpen)
        """, [.instant(now)])
    case .clear:
      self.init(
        Self.checked,
        """
        \(Self.isConfirmed) AND deconflictions.valid_until > ? AND deconflictions.clear_idx IS NULL
          AND deconflictions.result <> 'duplicate'
          AND (deconflictions.hold_idx IS NULL OR deconflictions.lifted_idx IS NOT NULL OR deconflictions.held_until <= ?)
          AND \(Self.isOpen)
        """, [.instant(now), .instant(now)])
    case .refer:
      self.init(
        Self.checked, "\(Self.isConfirmed) AND deconflictions.clear_until > ? AND \(Self.isOpen)", [.instant(now)])
    case .held:
      self.init(
        Self.checked,
        "deconflictions.hold_idx IS NOT NULL AND deconflictions.lifted_idx IS NULL AND deconflictions.held_until > ?",
        [.instant(now)])
    case .released:
      self.init(
        Self.checked,
        """
        deconflictions.hold_idx IS NOT NULL AND deconflictions.lifted_idx IS NOT NULL AND \(Self.isConfirmed)
          AND \(Self.isOpen)
        """)
    case .contradicted: self.init(Self.watched, "watches.contradicted_idx > referrals.answered_idx")
    case .reappeared: self.init(Self.watched, "watches.reappeared_idx > referrals.row")
    }
  }

  private init(_ tables: String, _ condition: String, _ values: [Value] = []) {
    self.tables = tables
    self.condition = condition
    self.values = values
  }
}
