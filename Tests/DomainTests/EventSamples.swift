import Domain
import Testing

/// One event of each type with the exact bytes that it must give for ever: they are hashed into the journal.
struct EventSample: Sendable, CustomTestStringConvertible {
  let event: any Event
  let facts: String
  /// Nil where the event has no personal part.
  let personal: String?

  init(_ event: any Event, facts: String, personal: String? = nil) {
    self.event = event
    self.facts = facts
    self.personal = personal
  }

  var testDescription: String { event.type.rawValue }

  static func id(_ number: UInt64) -> Identifier {
    Identifier(high: 0x0198_0000_0000_7000 + number, low: 0x8000_0000_0000_0000 + number)
  }

  static let digest: [UInt8] = [0x00, 0x7F, 0xAB, 0xFF]

  static let all: [EventSample] = identity + access + intake + items + casework

  private static let identity = [
    EventSample(
      InstallationFounded(
        installation: ID(id(1)), agency: ID(id(2)), owner: ID(id(3)), agencyName: "Unité \"Nord\""),
      facts: #"{"agency":"01980000-0000-7002-8000-000000000002","owner":"01980000-0000-7003-8000-000000000003"}"#,
      personal: #"{"agency_name":"Unité \"Nord\""}"#),
    EventSample(
      AgencyAdded(agency: ID(id(2)), nameDigest: digest, name: "IRU"),
      facts: #"{"name_digest":"007fabff"}"#, personal: #"{"name":"IRU"}"#),
    EventSample(
      UserAdded(
        user: ID(id(4)), agency: ID(id(2)), nameDigest: digest, roles: [.reviewer, .analyst, .deconflictionOfficer],
        name: "j.doe"),
      facts: #"{"agency":"01980000-0000-7002-8000-000000000002","name_digest":"007fabff","#
        + #""roles":["analyst","deconfliction_officer","reviewer"]}"#,
      personal: #"{"name":"j.doe"}"#),
    EventSample(
      RolesChanged(user: ID(id(4)), roles: [.signatory, .auditor]), facts: #"{"roles":["auditor","signatory"]}"#),
    EventSample(PasswordSet(user: ID(id(4)), verifierDigest: digest), facts: #"{"verifier_digest":"007fabff"}"#),
  ]

  private static let access = [
    EventSample(
      TokenCreated(
        token: ID(id(5)), user: ID(id(4)), digest: digest, expiresAt: Instant(microseconds: 1_795_465_811_123_456),
        label: "nightly\nimport"),
      facts: #"{"digest":"007fabff","expires_at":"2026-11-23T20:30:11.123456Z","#
        + #""user":"01980000-0000-7004-8000-000000000004"}"#,
      personal: #"{"label":"nightly\nimport"}"#),
    EventSample(TokenRevoked(token: ID(id(5))), facts: "{}"),
    EventSample(
      SessionOpened(
        session: ID(id(6)), user: ID(id(4)), digest: digest, expiresAt: Instant(microseconds: 1_795_465_811_000_000)),
      facts: #"{"digest":"007fabff","expires_at":"2026-11-23T20:30:11.000000Z","#
        + #""user":"01980000-0000-7004-8000-000000000004"}"#),
    EventSample(SessionClosed(session: ID(id(6))), facts: "{}"),
    EventSample(
      RequestAnswered(
        request: id(7), caller: ID(id(4)), keyDigest: digest, bodyDigest: [0x01], status: 200, reply: #"{"a":1}"#),
      facts: #"{"body_digest":"01","caller":"01980000-0000-7004-8000-000000000004","key_digest":"007fabff","#
        + #""reply":"{\"a\":1}","status":200}"#),
  ]

  private static let intake = [
    EventSample(
      ProviderRegistered(provider: ID(id(8)), pack: "youtube", name: "YouTube"),
      facts: #"{"pack":"youtube"}"#, personal: #"{"name":"YouTube"}"#),
    EventSample(
      OperationOpened(operation: ID(id(9)), agency: ID(id(2)), nameDigest: digest, name: "Action day"),
      facts: #"{"agency":"01980000-0000-7002-8000-000000000002","name_digest":"007fabff"}"#,
      personal: #"{"name":"Action day"}"#),
    EventSample(
      ImportOpened(
        importID: ID(id(10)), owner: ID(id(2)), operation: ID(id(9)), format: "csv", digest: digest,
        fileName: "list.csv"),
      facts: #"{"digest":"007fabff","format":"csv","operation":"01980000-0000-7009-8000-000000000009","#
        + #""owner":"01980000-0000-7002-8000-000000000002"}"#,
      personal: #"{"file_name":"list.csv"}"#),
    EventSample(ImportFinished(importID: ID(id(10)), lines: 12, rejected: 3), facts: #"{"lines":12,"rejected":3}"#),
  ]

  private static let items = [
    EventSample(
      ItemReported(
        item: ID(id(11)), owner: ID(id(2)), provider: ID(id(8)), operation: ID(id(9)), kind: .archiveCopy,
        handling: .h2, sharing: .installation, digest: LocatorDigest(high: 1, low: 0xFF),
        source: ReportSource(importID: ID(id(10)), line: 4), locator: Array("https://x.example/é".utf8),
        reportedAs: Array("hxxps://x[.]example/é".utf8),
        remarks: ReportRemarks(note: "n", statedAt: "yesterday", statedSource: "s")),
      facts: #"{"handling":"H2","import":"01980000-0000-700a-8000-00000000000a","kind":"archive_copy","line":4,"#
        + #""locator":"000000000000000100000000000000ff","operation":"01980000-0000-7009-8000-000000000009","#
        + #""owner":"01980000-0000-7002-8000-000000000002","provider":"01980000-0000-7008-8000-000000000008","#
        + #""sharing":"installation"}"#,
      personal: #"{"locator":"https://x.example/é","note":"n","reported_as":"hxxps://x[.]example/é","#
        + #""stated_at":"yesterday","stated_source":"s"}"#),
    EventSample(
      ItemSighted(
        item: ID(id(11)), reportIndex: 9, source: ReportSource(importID: ID(id(10)), line: 5),
        reportedAs: Array("x.example".utf8), remarks: ReportRemarks(note: "again")),
      facts: #"{"import":"01980000-0000-700a-8000-00000000000a","line":5,"report_index":9}"#,
      personal: #"{"note":"again","reported_as":"x.example"}"#),
    EventSample(
      ItemErased(item: ID(id(11)), reportIndex: 9, erased: [9, 12], basis: "led-16"),
      facts: #"{"basis":"led-16","erased":[9,12],"report_index":9}"#),
  ]

  /// The same types with everything left out that may be.
  static let sparse = sparseHouse + sparseCasework

  private static let sparseHouse = [
    EventSample(
      InstallationFounded(installation: ID(id(1)), agency: ID(id(2)), owner: ID(id(3)), agencyName: nil),
      facts: #"{"agency":"01980000-0000-7002-8000-000000000002","owner":"01980000-0000-7003-8000-000000000003"}"#),
    EventSample(
      UserAdded(user: ID(id(4)), agency: ID(id(2)), nameDigest: [], roles: [], name: nil),
      facts: #"{"agency":"01980000-0000-7002-8000-000000000002","name_digest":"","roles":[]}"#),
    EventSample(
      TokenCreated(token: ID(id(5)), user: ID(id(4)), digest: digest, expiresAt: nil, label: nil),
      facts: #"{"digest":"007fabff","user":"01980000-0000-7004-8000-000000000004"}"#),
    EventSample(ProviderRegistered(provider: ID(id(8)), pack: nil, name: nil), facts: "{}"),
    EventSample(
      ImportOpened(
        importID: ID(id(10)), owner: ID(id(2)), operation: nil, format: "list", digest: digest, fileName: nil),
      facts: #"{"digest":"007fabff","format":"list","owner":"01980000-0000-7002-8000-000000000002"}"#),
    EventSample(
      ItemReported(
        item: ID(id(11)), owner: ID(id(2)), provider: ID(id(8)), operation: nil, kind: .page, handling: .h0,
        sharing: .owner, digest: LocatorDigest(high: 0, low: 0), source: nil, locator: nil, reportedAs: nil,
        remarks: ReportRemarks()),
      facts: #"{"handling":"H0","kind":"page","locator":"00000000000000000000000000000000","#
        + #""owner":"01980000-0000-7002-8000-000000000002","provider":"01980000-0000-7008-8000-000000000008","#
        + #""sharing":"owner"}"#),
    EventSample(
      ItemSighted(item: ID(id(11)), reportIndex: 0, source: nil, reportedAs: nil, remarks: ReportRemarks()),
      facts: #"{"report_index":0}"#),
    EventSample(
      ItemErased(item: ID(id(11)), reportIndex: 9, erased: [], basis: "retention"),
      facts: #"{"basis":"retention","erased":[],"report_index":9}"#),
  ]
}
