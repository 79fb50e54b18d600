import Domain

/// Applies events to the tables; the same code serves the write door and the replay.
///
/// Reports and sightings of one call are gathered and written together, sorted by key: an import's
/// thousands of rows then touch each page of the locator table once.
final class Projector {
  let connection: any Connection
  let keys: RowKeys
  private var reports: ReportRows
  private var sightings = SightingCounts()

  init(connection: any Connection, keys: RowKeys = RowKeys()) {
    self.connection = connection
    self.keys = keys
    reports = ReportRows()
  }

  /// Drops what was remembered of rows that have been rolled back.
  func forget() {
    keys.forget()
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
        event, header: header, owner: try row(of: event.owner),
        provider: try row(of: event.provider),
        operation: try event.operation.map { try row(of: $0) })
    case let event as ItemSighted:
      sightings.add(event, at: header.at)
    default:
      try flush()
      try applyAlone(recorded.event, header: header)
    }
  }

  /// By group: asking an event for forty types one after another would cost more than its statement.
  private func applyAlone(_ event: any Event, header: EventHeader) throws {
    switch event.type {
    case .installationFounded, .agencyAdded, .userAdded, .rolesChanged, .passwordSet, .tokenCreated, .tokenRevoked,
      .sessionOpened, .sessionClosed, .requestAnswered:
      try applyIdentity(event, header: header)
    case .providerRegistered, .operationOpened, .importOpened, .importFinished, .itemReported, .itemSighted,
      .itemErased:
      try applyIntake(event, header: header)
    case .operationJoined, .hHourSet, .outletRegistered, .outletObserved, .caseOpened, .caseFactRecorded,
      .providerDeskOpened:
      try applyOperation(event, header: header)
    case .itemAssessed, .assessmentConfirmed, .assessmentReturned, .interestRegistered, .interestWithdrawn,
      .itemDeconflicted, .itemHeld, .holdLifted, .holdOverridden, .itemCleared:
      try applyDecision(event, header: header)
    case .itemReferred, .dispatchDelivered, .dispatchRefused, .referralAnswered, .referralRetracted,
      .recallDelivered:
      try applyReferral(event, header: header)
    case .looksMade, .itemSeen, .claimContradicted, .itemReappeared, .itemRelated:
      try applyLook(event, header: header)
    }
  }

  func row(of agency: ID<Agency>) throws -> Int64 { try keys.row(of: agency, on: connection) }
  func row(of user: ID<User>) throws -> Int64 { try keys.row(of: user, on: connection) }
  func row(of provider: ID<Provider>) throws -> Int64 { try keys.row(of: provider, on: connection) }
  func row(of operation: ID<Operation>) throws -> Int64 { try keys.row(of: operation, on: connection) }
  func row(of outlet: ID<Outlet>) throws -> Int64 { try keys.row(of: outlet, on: connection) }
  func row(of caseFile: ID<CaseFile>) throws -> Int64 { try keys.row(of: caseFile, on: connection) }

  private func flush() throws {
    try reports.flush(to: connection)
    try sightings.flush(to: connection)
  }

  private func applyIdentity(_ event: any Event, header: EventHeader) throws {
    switch event {
    case let event as InstallationFounded: try project(event, header)
    case let event as AgencyAdded: try project(event, header)
    case let event as UserAdded: try project(event, header, agency: try row(of: event.agency))
    case let event as RolesChanged: try project(event)
    case let event as PasswordSet: try project(event)
    case let event as TokenCreated: try project(event, header, user: try row(of: event.user))
    case let event as TokenRevoked: try project(event, header)
    case let event as SessionOpened: try project(event, header, user: try row(of: event.user))
    case let event as SessionClosed: try project(event, header)
    case let event as RequestAnswered: try project(event, header, caller: try row(of: event.caller))
    default: throw EventFault.unknownType(header.type)
    }
  }

  private func applyIntake(_ event: any Event, header: EventHeader) throws {
    switch event {
    case let event as ProviderRegistered: try project(event, header)
    case let event as OperationOpened: try project(event, header, agency: try row(of: event.agency))
    case let event as ImportOpened:
      try project(
        event, header, owner: try row(of: event.owner), operation: try event.operation.map { try row(of: $0) })
    case let event as ImportFinished: try project(event, header)
    case let event as ItemErased: try project(event)
    default: throw EventFault.unknownType(header.type)
    }
  }
}
