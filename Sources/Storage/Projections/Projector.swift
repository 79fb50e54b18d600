import Domain

/// Applies events to the tables; the same code serves the write door and the replay.
///
/// Reports and sightings of one call are gathered and written together, sorted by key: an import's
/// thousands of rows then touch each page of the locator table once.
final class Projector {
  let connection: any Connection
  private var keys: RowKeys
  private var reports: ReportRows
  private var sightings = SightingCounts()

  init(connection: any Connection) {
    self.connection = connection
    keys = RowKeys()
    reports = ReportRows()
  }

  /// Drops what was remembered of rows that have been rolled back.
  func forget() {
    keys = RowKeys()
    reports = ReportRows()
    sightings = SightingCounts()
  }

  func apply(_ events: [RecordedEvent]) throws {
    for recorded in events { try apply(recorded) }
    try flush()
  }

  private func apply(_ recorded: RecordedEvent) throws {
    let header = recorded.header
    switch recorded.event {
    case let event as ItemReported:
      sightings.addReport(event)
      reports.append(
        event, header: header, owner: try keys.row(of: event.owner, on: connection),
        provider: try keys.row(of: event.provider, on: connection),
        operation: try event.operation.map { try keys.row(of: $0, on: connection) })
    case let event as ItemSighted:
      sightings.add(event, at: header.at)
    default:
      try flush()
      try applyAlone(recorded.event, header: header)
    }
  }

  private func flush() throws {
    try reports.flush(to: connection)
    try sightings.flush(to: connection)
  }

  private func applyAlone(_ event: any Event, header: EventHeader) throws {
    switch event {
    case let event as InstallationFounded: try project(event, header)
    case let event as AgencyAdded: try project(event, header)
    case let event as UserAdded: try project(event, header, agency: try keys.row(of: event.agency, on: connection))
    case let event as RolesChanged: try project(event)
    case let event as PasswordSet: try project(event)
    case let event as TokenCreated: try project(event, header, user: try keys.row(of: event.user, on: connection))
    case let event as TokenRevoked: try project(event, header)
    case let event as SessionOpened: try project(event, header, user: try keys.row(of: event.user, on: connection))
    case let event as SessionClosed: try project(event, header)
    case let event as RequestAnswered:
      try project(event, header, caller: try keys.row(of: event.caller, on: connection))
    case let event as ProviderRegistered: try project(event, header)
    case let event as OperationOpened:
      try project(event, header, agency: try keys.row(of: event.agency, on: connection))
    case let event as ImportOpened:
      try project(
        event, header, owner: try keys.row(of: event.owner, on: connection),
        operation: try event.operation.map { try keys.row(of: $0, on: connection) })
    case let event as ImportFinished: try project(event, header)
    case let event as ItemErased: try project(event)
    default: throw EventFault.unknownType(header.type)
    }
  }
}
