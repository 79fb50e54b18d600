import Domain

/// Operations with who takes part, outlets with what was seen of them, cases with what happened.
extension Projector {
  func applyOperation(_ event: any Event, header: EventHeader) throws {
    switch event {
    case let event as OperationJoined: try project(event)
    case let event as HHourSet: try project(event)
    case let event as OutletRegistered: try project(event, header)
    case let event as OutletObserved: try project(event)
    case let event as CaseOpened: try project(event, header)
    case let event as CaseFactRecorded: try project(event, header)
    case let event as ProviderDeskOpened: try project(event)
    default: throw EventFault.unknownType(header.type)
    }
  }

  private func project(_ event: OperationJoined) throws {
    try connection.submit(
      "INSERT INTO participants (operation, agency) VALUES (?, ?)",
      [.integer(try row(of: event.operation)), .integer(try row(of: event.agency))])
  }

  private func project(_ event: HHourSet) throws {
    try connection.submit(
      "UPDATE operations SET h_hour = ? WHERE id = ?",
      [.optional(event.hHour?.microseconds), .identifier(event.operation.identifier)])
  }

  private func project(_ event: OutletRegistered, _ header: EventHeader) throws {
    try connection.submit(
      "INSERT INTO outlets (row, id, agency, operation, name_digest, name, review_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(header.index), .identifier(event.outlet.identifier), .integer(try row(of: event.agency)),
        .optional(try event.operation.map { try row(of: $0) }), .blob(event.nameDigest), .optional(event.name),
        .instant(event.reviewAt),
      ])
  }

  /// A day that is looked at again is corrected.
  private func project(_ event: OutletObserved) throws {
    try connection.submit(
      """
      INSERT INTO observations (outlet, day, posts, accounts, reach) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (outlet, day) DO UPDATE SET
        posts = excluded.posts, accounts = excluded.accounts, reach = excluded.reach
      """,
      [
        .integer(try row(of: event.outlet)), .instant(event.day), .integer(event.posts), .integer(event.accounts),
        .integer(event.reach),
      ])
  }

  private func project(_ event: CaseOpened, _ header: EventHeader) throws {
    try connection.submit(
      """
      INSERT INTO cases (row, id, agency, operation, prosecutor, reference_digest, reference)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .integer(header.index), .identifier(event.caseFile.identifier), .integer(try row(of: event.agency)),
        .optional(try event.operation.map { try row(of: $0) }),
        .optional(try event.prosecutor.map { try row(of: $0) }), .blob(event.referenceDigest),
        .optional(event.reference),
      ])
  }

  private func project(_ event: CaseFactRecorded, _ header: EventHeader) throws {
    try connection.submit(
      "INSERT INTO case_facts (row, case_file, kind, happened_at, note) VALUES (?, ?, ?, ?, ?)",
      [
        .integer(header.index), .integer(try row(of: event.caseFile)), .text(event.kind.rawValue),
        .instant(event.happenedAt), .optional(event.note),
      ])
  }

  private func project(_ event: ProviderDeskOpened) throws {
    try connection.submit(
      "INSERT INTO provider_desks (user_row, provider) VALUES (?, ?)",
      [.integer(try row(of: event.user)), .integer(try row(of: event.provider))])
  }
}
