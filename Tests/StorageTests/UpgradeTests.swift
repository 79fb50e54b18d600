import Domain
import SQLiteEngine
import Storage
import TestPorts
import Testing

/// Databases of older programs.
@Suite("Older databases") struct UpgradeTests {
  /// Takes away what came after the first layout, so that the file is as the first program left it.
  private static let backToFirstLayout = [
    "DROP TABLE participants", "DROP TABLE outlets", "DROP TABLE observations", "DROP TABLE cases",
    "DROP TABLE case_facts", "DROP TABLE assessments", "DROP TABLE interests", "DROP TABLE deconflictions",
    "DROP TABLE leases", "DROP TABLE referrals", "DROP TABLE watches", "DROP TABLE relations",
    "DROP TABLE provider_desks",
    "DROP INDEX items_operation", "ALTER TABLE operations DROP COLUMN h_hour",
    "DELETE FROM schema_migrations WHERE version > 1", "UPDATE projections SET version = 1",
  ]

  private static let operation = ID<Operation>(TestRecord.id(60))

  private func older() async throws -> TestRecord {
    let record = try await TestRecord(.sqlite)
    try await record.write([
      OperationOpened(operation: Self.operation, agency: TestRecord.agency, nameDigest: [1], name: "Lights"),
      TestRecord.report(1), TestRecord.report(2, owner: TestRecord.otherAgency, sharing: .installation),
      ItemSighted(
        item: ID(TestRecord.id(1_000_001)), reportIndex: 4, source: nil, reportedAs: nil, remarks: ReportRemarks()),
    ])
    _ = try await record.store.write(as: TestRecord.owner) {
      try $0.erase(ID(TestRecord.id(1_000_001)), basis: "retention", for: TestRecord.viewer)
    }
    for statement in Self.backToFirstLayout { try record.tamper(statement) }
    return record
  }

  @Test("a database of the first layout is brought up to date, and nothing of its journal changes")
  func upgrade() async throws {
    let record = try await older()
    let before = try await record.store.read { try $0.journalHead() }
    let upgraded = try await record.reopened()
    #expect(try await upgraded.verify().told == [])
    let (head, items, operations, strangers) = try await upgraded.store.read { tx in
      (
        try tx.journalHead(), try tx.items(Page(), for: TestRecord.viewer).map(\.sightings),
        try tx.operations(of: TestRecord.agency), try tx.operations(of: TestRecord.otherAgency)
      )
    }
    #expect(head == before && items == [1, 0])
    // Whoever opened an operation takes part in it, also where that was before there were participants.
    #expect(operations.map(\.id) == [Self.operation] && operations.map(\.hHour) == [nil] && strangers.isEmpty)
    try await upgraded.write([HHourSet(operation: Self.operation, hHour: Instant(microseconds: 7))])
    #expect(try await upgraded.reopened().verify().told == [])
  }

  @Test("a database of the first layout is not verified before it is brought up to date")
  func verifyOlder() async throws {
    let record = try await older()
    await #expect(throws: StorageError.older(found: 1, known: 3)) { try await record.verify() }
  }

  @Test("tables that an older program folded are folded anew")
  func refold() async throws {
    let record = try await History(.sqlite, seed: 5).run(writes: 120)
    try record.tamper("UPDATE projections SET version = 1")
    try record.tamper("DELETE FROM watches")
    try record.tamper("UPDATE assessments SET agrees = 1")
    #expect(try await record.reopened().verify().told == [])
  }
}
