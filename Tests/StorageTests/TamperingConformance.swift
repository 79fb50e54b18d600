import Domain
import Storage
import Testing

@Suite("Conformance: what was changed behind the record's back is found") struct TamperingConformance {
  static let changes: [(sql: String, place: Finding.Place)] = [
    ("UPDATE journal SET leaf = CAST(replace(leaf, 'item', 'itom') AS BLOB) WHERE idx = 3", .tile("tile/0/000")),
    ("UPDATE journal SET leaf = CAST(replace(leaf, 'item', 'itom') AS BLOB) WHERE idx = 301", .head),
    ("UPDATE journal SET facts = CAST('{}' AS BLOB) WHERE idx = 4", .leaf(4)),
    ("UPDATE journal SET facts_salt = zeroblob(16) WHERE idx = 4", .leaf(4)),
    ("UPDATE journal SET personal = CAST('{}' AS BLOB) WHERE idx = 5", .leaf(5)),
    ("UPDATE journal SET personal = NULL, personal_salt = NULL WHERE idx = 5", .leaf(5)),
    ("UPDATE journal SET personal_salt = NULL WHERE idx = 5", .leaf(5)),
    ("UPDATE journal SET subject = zeroblob(16) WHERE idx = 6", .leaf(6)),
    ("DELETE FROM journal WHERE idx = 6", .leaf(6)),
    ("DELETE FROM journal WHERE idx = 308", .head),
    ("UPDATE journal_tiles SET hashes = zeroblob(8192) WHERE level = 0", .tile("tile/0/000")),
    ("DELETE FROM journal_tiles WHERE level = 0", .tile("tile/0/000")),
    ("INSERT INTO journal_tiles VALUES (1, 7, zeroblob(32))", .table("journal_tiles")),
    ("UPDATE journal_head SET at = at + 1", .head),
    ("UPDATE journal_head SET size = size - 1", .head),
    ("UPDATE journal_head SET root = zeroblob(32)", .head),
    ("DELETE FROM journal_head", .head),
    ("UPDATE items SET kind = 'video' WHERE row = 10", .row(table: "items", key: "10")),
    ("UPDATE items SET locator = NULL WHERE row = 10", .row(table: "items", key: "10")),
    ("DELETE FROM items WHERE row = 302", .row(table: "items", key: "302")),
    ("UPDATE items SET sharing = 'installation' WHERE row = 11", .row(table: "items", key: "11")),
    ("UPDATE users SET roles = 'administrator' WHERE row = 0", .row(table: "users", key: "0")),
    ("INSERT INTO agencies VALUES (77, zeroblob(16), NULL, 'spy')", .row(table: "agencies", key: "77")),
    ("INSERT INTO agencies VALUES (-7, zeroblob(16), NULL, 'spy')", .row(table: "agencies", key: "-7")),
    ("UPDATE assessments SET agrees = 1 WHERE item = 10", .row(table: "assessments", key: "10")),
    ("DELETE FROM deconflictions WHERE item = 10", .row(table: "deconflictions", key: "10")),
    ("UPDATE deconflictions SET held_until = 0 WHERE item = 10", .row(table: "deconflictions", key: "10")),
    ("UPDATE referrals SET retracted_idx = NULL", .row(table: "referrals", key: "306")),
    ("UPDATE watches SET verdict = 'removed'", .row(table: "watches", key: "10")),
    ("INSERT INTO participants VALUES (0, 2)", .row(table: "participants", key: "0, 2")),
    ("INSERT INTO relations VALUES (10, 11, 'copy', 1)", .row(table: "relations", key: "10, 11")),
    ("INSERT INTO provider_desks VALUES (0, 1)", .row(table: "provider_desks", key: "0")),
    ("INSERT INTO password_verifiers VALUES (0, 'scrypt')", .row(table: "password_verifiers", key: "0")),
    ("INSERT INTO password_verifiers VALUES (9, 'scrypt')", .row(table: "password_verifiers", key: "9")),
    ("INSERT INTO checkpoints VALUES (2, 'x')", .checkpoint(2)),
    ("DELETE FROM projections", .table("projections")),
    ("UPDATE schema_migrations SET name = 'x'", .table("schema_migrations")),
    (trigger, .file),
    ("DROP INDEX journal_subject", .file),
    ("CREATE TABLE extra (a INTEGER)", .file),
  ]

  /// Stands for the engine's own words.
  private static let trigger = "a trigger"

  /// The eighth item, on row 10, goes the whole way.
  static let work: [any Event] = {
    let item = ID<Item>(TestRecord.id(1_000_008))
    let referral = ID<Referral>(TestRecord.id(70))
    let instant = Instant(microseconds: 1_795_478_500_000_000)
    return [
      ItemAssessed(
        item: item, reportIndex: 10, decision: .refer, categories: [.threat], factors: [], exempt: [],
        usedMachineHelp: false, reasons: nil),
      ItemDeconflicted(item: item, reportIndex: 10, result: .interest, validUntil: instant),
      ItemHeld(item: item, reportIndex: 10, check: 304, until: instant),
      ItemReferred(
        item: item, reportIndex: 10, referral: referral, provider: TestRecord.provider, operation: nil,
        assessment: 303, clearance: 304, categories: [.threat], dueAt: instant, clause: nil),
      DispatchDelivered(
        item: item, reportIndex: 10, referral: referral, delivery: [1], bodyDigest: [2], attempts: 1, channel: "api",
        reference: nil),
      ReferralRetracted(item: item, reportIndex: 10, referral: referral, wasDelivered: true, reason: nil),
    ]
  }()

  @Test("each change is told with its place, the first of them first", arguments: EngineFactory.all, 0..<changes.count)
  func found(factory: EngineFactory, number: Int) async throws {
    let record = try await TestRecord(factory)
    try await record.write((1...300).map { TestRecord.report($0) })
    try await record.write(Self.work)
    #expect(try await record.verify().told == [])
    let change = Self.changes[number]
    try record.tamper(change.sql == Self.trigger ? factory.trigger : change.sql)
    let report = try await record.verify()
    #expect(report.findings.first?.place == change.place, "\(change.sql): \(report.told)")
    #expect(!report.isSound)
  }

  @Test("a journal row in front of the first is found", arguments: EngineFactory.all)
  func rowBeforeTheFirst(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    try await record.write([TestRecord.report(1)])
    try record.tamper(
      "INSERT INTO journal SELECT -1, subject, leaf, facts, facts_salt, personal, personal_salt FROM journal WHERE idx = 3"
    )
    let shown = try await record.store.read { try $0.journal(of: TestRecord.id(1_000_001)) }.count
    let report = try await record.verify()
    #expect(!report.isSound || shown == 1)
  }
}
