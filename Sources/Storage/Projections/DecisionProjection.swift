import Domain

/// What people decided about items: assessment, the second person, deconfliction, holds, clearance.
extension Projector {
  func applyDecision(_ event: any Event, header: EventHeader) throws {
    switch event {
    case let event as ItemAssessed: try project(event, header)
    case let event as AssessmentConfirmed: try second(event.reportIndex, agrees: true, header)
    case let event as AssessmentReturned: try second(event.reportIndex, agrees: false, header)
    case let event as InterestRegistered: try project(event, header)
    case let event as InterestWithdrawn: try project(event, header)
    case let event as ItemDeconflicted: try project(event, header)
    case let event as ItemHeld: try project(event, header)
    case let event as HoldLifted: try lift(event.reportIndex, header)
    case let event as HoldOverridden: try lift(event.reportIndex, header)
    case let event as ItemCleared: try project(event, header)
    default: throw EventFault.unknownType(header.type)
    }
  }

  private func project(_ event: ItemAssessed, _ header: EventHeader) throws {
    try connection.submit(
      """
      INSERT INTO assessments (item, idx, decision, categories, assessor, second, second_idx, agrees)
      VALUES (?, ?, ?, ?, ?, NULL, NULL, NULL)
      ON CONFLICT (item) DO UPDATE SET idx = excluded.idx, decision = excluded.decision,
        categories = excluded.categories, assessor = excluded.assessor, second = NULL, second_idx = NULL, agrees = NULL
      """,
      [
        .integer(event.reportIndex), .integer(header.index), .text(event.decision.rawValue),
        .text(CodeList.text(event.categories)), .integer(try row(of: ID<User>(header.actor))),
      ])
  }

  private func second(_ item: Int64, agrees: Bool, _ header: EventHeader) throws {
    try connection.submit(
      "UPDATE assessments SET second = ?, second_idx = ?, agrees = ? WHERE item = ?",
      [
        .integer(try row(of: ID<User>(header.actor))), .integer(header.index), .integer(agrees ? 1 : 0), .integer(item),
      ])
  }

  private func project(_ event: InterestRegistered, _ header: EventHeader) throws {
    try connection.submit(
      "INSERT INTO interests (row, id, agency, locator, until, withdrawn_at) VALUES (?, ?, ?, ?, ?, NULL)",
      [
        .integer(header.index), .identifier(event.interest.identifier), .integer(try row(of: event.agency)),
        .blob(event.locator.bytes), .instant(event.until),
      ])
  }

  private func project(_ event: InterestWithdrawn, _ header: EventHeader) throws {
    try connection.submit(
      "UPDATE interests SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL",
      [.instant(header.at), .identifier(event.interest.identifier)])
  }

  /// A new check takes the place of the last one, and what was cleared by that.
  private func project(_ event: ItemDeconflicted, _ header: EventHeader) throws {
    try connection.submit(
      """
      INSERT INTO deconflictions
        (item, idx, result, valid_until, hold_idx, held_until, lifted_idx, clear_idx, clear_until)
      VALUES (?, ?, ?, ?, NULL, NULL, NULL, NULL, NULL)
      ON CONFLICT (item) DO UPDATE SET idx = excluded.idx, result = excluded.result,
        valid_until = excluded.valid_until, clear_idx = NULL, clear_until = NULL
      """,
      [
        .integer(event.reportIndex), .integer(header.index), .text(event.result.rawValue), .instant(event.validUntil),
      ])
  }

  private func project(_ event: ItemHeld, _ header: EventHeader) throws {
    try connection.submit(
      "UPDATE deconflictions SET hold_idx = ?, held_until = ?, lifted_idx = NULL WHERE item = ?",
      [.integer(header.index), .instant(event.until), .integer(event.reportIndex)])
  }

  private func lift(_ item: Int64, _ header: EventHeader) throws {
    try connection.submit(
      "UPDATE deconflictions SET lifted_idx = ? WHERE item = ?", [.integer(header.index), .integer(item)])
  }

  private func project(_ event: ItemCleared, _ header: EventHeader) throws {
    try connection.submit(
      "UPDATE deconflictions SET clear_idx = ?, clear_until = ? WHERE item = ?",
      [.integer(header.index), .instant(event.validUntil), .integer(event.reportIndex)])
  }
}

/// Codes in one column, with a space between.
enum CodeList {
  static func text<Code: RawRepresentable>(_ codes: [Code]) -> String where Code.RawValue == String {
    codes.map(\.rawValue).joined(separator: " ")
  }

  static func codes<Code: RawRepresentable>(_ text: String) throws -> [Code] where Code.RawValue == String {
    try text.split(separator: " ").map { name in
      guard let code = Code(rawValue: String(name)) else { throw StorageError.damaged("unknown code \(name)") }
      return code
    }
  }
}
