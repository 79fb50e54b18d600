import Domain

/// Referrals on their way, with the providers, and taken back.
extension Projector {
  func applyReferral(_ event: any Event, header: EventHeader) throws {
    switch event {
    case let event as ItemReferred: try project(event, header)
    case let event as DispatchDelivered: try project(event, header)
    case let event as DispatchRefused: try mark("refused_idx", header, event.referral)
    case let event as ReferralAnswered: try project(event, header)
    case let event as ReferralRetracted: try project(event, header)
    case let event as RecallDelivered: try mark("recalled_idx", header, event.referral)
    default: throw EventFault.unknownType(header.type)
    }
  }

  private func project(_ event: ItemReferred, _ header: EventHeader) throws {
    try connection.submit(
      """
      INSERT INTO referrals (row, id, item, provider, operation, categories, clause, due_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .integer(header.index), .identifier(event.referral.identifier), .integer(event.reportIndex),
        .integer(try row(of: event.provider)), .optional(try event.operation.map { try row(of: $0) }),
        .text(CodeList.text(event.categories)), .optional(event.clause), .optional(event.dueAt?.microseconds),
      ])
  }

  /// The provider has it: from now on the item is watched. Retracted while it was on its way, it must be recalled.
  private func project(_ event: DispatchDelivered, _ header: EventHeader) throws {
    try connection.submit(
      """
      UPDATE referrals SET delivered_idx = ?, delivered_at = ?, attempts = ?, reference = ?,
        must_recall = CASE WHEN retracted_idx IS NULL THEN must_recall ELSE 1 END
      WHERE id = ?
      """,
      [
        .integer(header.index), .instant(header.at), .integer(event.attempts), .optional(event.reference),
        .identifier(event.referral.identifier),
      ])
    try connection.submit(
      """
      INSERT INTO watches (item, provider, operation, delivered_at, earlier_looks, looks, next_look_at)
      SELECT item, provider, operation, delivered_at, 0, 0, ? FROM referrals WHERE id = ?
      ON CONFLICT (item) DO UPDATE SET delivered_at = excluded.delivered_at,
        earlier_looks = watches.earlier_looks + watches.looks, looks = 0, next_look_at = excluded.next_look_at
      """,
      [
        .optional(LookSchedule.next(after: 0, deliveredAt: header.at)?.microseconds),
        .identifier(event.referral.identifier),
      ])
  }

  private func project(_ event: ReferralAnswered, _ header: EventHeader) throws {
    try connection.submit(
      """
      UPDATE referrals SET answered_idx = ?, answered_at = ?, outcome = ?, reference = coalesce(?, reference)
      WHERE id = ?
      """,
      [
        .integer(header.index), .instant(header.at), .text(event.outcome.rawValue), .optional(event.reference),
        .identifier(event.referral.identifier),
      ])
  }

  private func project(_ event: ReferralRetracted, _ header: EventHeader) throws {
    try connection.submit(
      "UPDATE referrals SET retracted_idx = ?, must_recall = ? WHERE id = ?",
      [.integer(header.index), .integer(event.wasDelivered ? 1 : 0), .identifier(event.referral.identifier)])
  }

  private func mark(_ column: String, _ header: EventHeader, _ referral: ID<Referral>) throws {
    try connection.submit(
      "UPDATE referrals SET \(column) = ? WHERE id = ?",
      [.integer(header.index), .identifier(referral.identifier)])
  }
}
