/// A number that a board or a report shows, with the journal entries behind it.
///
/// Each is a fold over the journal: the count of items with an event of the named kind, and behind each of them the
/// last one. What a later word takes back is not counted. `docs/figures.md` has the folds.
public enum Figure: String, Sendable, Hashable, CaseIterable {
  case reported
  case assessed
  case confirmed
  case rejected
  case held
  case cleared
  case referred
  case delivered
  case answered
  case refused
  case claimedGone = "claimed_gone"
  case seenGone = "seen_gone"
  case contradicted = "claimed_but_live"
  case reappeared
  /// Items that are copies or successors of others.
  case copies
  /// Items of which a copy or a successor was found elsewhere.
  case returned = "came_back_elsewhere"
  case retracted

  /// The journal index of the event that counts for an item; null where there is none.
  var index: String {
    switch self {
    case .reported: "items.row"
    case .assessed: "assessments.idx"
    case .confirmed: "CASE WHEN assessments.agrees = 1 THEN assessments.second_idx END"
    case .rejected:
      "CASE WHEN assessments.agrees = 1 AND assessments.decision = 'reject' THEN assessments.second_idx END"
    case .held: "deconflictions.hold_idx"
    case .cleared: "deconflictions.clear_idx"
    case .referred: "referrals.row"
    case .delivered: Self.last("delivered_idx")
    case .answered: Self.last("answered_idx")
    case .refused: "CASE WHEN referrals.outcome = 'refused' THEN referrals.answered_idx END"
    case .claimedGone:
      "CASE WHEN referrals.outcome IN ('removed', 'disabled', 'not_found') THEN referrals.answered_idx END"
    case .seenGone: "watches.gone_idx"
    case .contradicted: "watches.contradicted_idx"
    case .reappeared: "watches.reappeared_idx"
    case .copies: "copies.idx"
    case .returned: "returns.idx"
    case .retracted: Self.last("retracted_idx")
    }
  }

  /// Of the newest referral, or where it has none yet of those before it: a second one does not undo the first.
  private static func last(_ column: String) -> String {
    """
    coalesce(referrals.\(column), (SELECT max(\(column)) FROM referrals AS made
      WHERE made.item = items.row AND made.row < referrals.row))
    """
  }

  /// Everything about the items of an operation, one row an item.
  static let source = """
    FROM items
      LEFT JOIN assessments ON assessments.item = items.row
      LEFT JOIN deconflictions ON deconflictions.item = items.row
      LEFT JOIN referrals ON referrals.row = (SELECT max(row) FROM referrals WHERE item = items.row)
      LEFT JOIN watches ON watches.item = items.row
      LEFT JOIN (SELECT item, max(idx) AS idx FROM relations GROUP BY item) AS copies ON copies.item = items.row
      LEFT JOIN (SELECT original, max(idx) AS idx FROM relations GROUP BY original) AS returns
        ON returns.original = items.row
    """
}
