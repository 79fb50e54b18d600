import Domain
import Foundation
import SQLiteEngine
import Storage
import TestPorts
import Testing

/// What only a file can do: be somebody else's, or no database at all.
@Suite("SQLite files") struct SQLiteFileTests {
  private func path(_ directory: TestDirectory, _ name: String = "record.db") -> String { "\(directory.path)/\(name)" }

  /// Opens a record as a program does: the file, then the store.
  private func open(_ path: String) async throws -> Store {
    let engine = try SQLiteFile(path: path)
    do {
      return try await Store(engine: engine, clock: SteppingClock(), random: SeededRandom(seed: 1))
    } catch {
      try engine.close()
      throw error
    }
  }

  /// A founded record, closed again and then changed behind its back.
  private func closedRecord(in directory: TestDirectory, then change: String? = nil) async throws {
    let engine = try SQLiteFile(path: path(directory))
    let store = try await Store(engine: engine, clock: SteppingClock(), random: SeededRandom(seed: 1))
    try await store.write(as: TestRecord.owner) { tx in for event in TestRecord.founding { try tx.record(event) } }
    if let change { try engine.blockingWrite { _ = try $0.execute(change) } }
    try await engine.compact()
    try engine.close()
  }

  @Test(
    "a record of a newer program is refused and not touched",
    arguments: [
      ("INSERT INTO schema_migrations (version, name) VALUES (99, 'later')", StorageError.newer(found: 99, known: 3)),
      ("UPDATE projections SET version = 98", StorageError.newer(found: 98, known: 3)),
    ])
  func newer(change: String, error: StorageError) async throws {
    let directory = try TestDirectory()
    try await closedRecord(in: directory, then: change)
    let before = try directory.bytes(of: "record.db")
    await #expect(throws: error) { try await open(path(directory)) }
    let isUntouched = try directory.bytes(of: "record.db") == before
    #expect(isUntouched)
  }

  @Test(
    "somebody else's database is refused and not touched",
    arguments: [
      "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')", "PRAGMA application_id = 7",
      "CREATE VIEW one AS SELECT 1", "PRAGMA journal_mode = WAL; CREATE TABLE journal (idx INTEGER)",
    ])
  func foreign(sql: String) async throws {
    let directory = try TestDirectory()
    try makeForeignFile(at: path(directory), sql)
    let before = try directory.bytes(of: "record.db")
    await #expect(throws: StorageError.foreign) { try await open(path(directory)) }
    #expect(try directory.bytes(of: "record.db") == before)
  }

  /// The engine opens a scratch file of its own, and the mark and tables of a record are taken away from it.
  private func makeForeignFile(at path: String, _ sql: String) throws {
    let engine = try SQLiteFile(path: path)
    try engine.blockingWrite { connection in
      for statement in ["PRAGMA application_id = 0"] + sql.split(separator: "; ").map(String.init) {
        try connection.execute(statement)
      }
    }
    try engine.close()
  }

  @Test("a database with this program's mark but other tables is refused and not touched")
  func foreignTables() async throws {
    let directory = try TestDirectory()
    let engine = try SQLiteFile(path: path(directory))
    try engine.blockingWrite { _ = try $0.execute("CREATE TABLE notes (text TEXT)") }
    try engine.close()
    let before = try directory.bytes(of: "record.db")
    await #expect(throws: StorageError.foreign) { try await open(path(directory)) }
    let isUntouched = try directory.bytes(of: "record.db") == before
    #expect(isUntouched)
  }

  @Test("a file that is no database is refused and not touched", arguments: [1, 100, 5_000])
  func noDatabase(length: Int) async throws {
    let directory = try TestDirectory()
    let bytes = Data((0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })
    try bytes.write(to: URL(fileURLWithPath: path(directory)))
    let store = try? await open(path(directory))
    let isUntouched = try directory.bytes(of: "record.db") == bytes
    #expect(store == nil)
    #expect(isUntouched)
  }

  @Test("a directory that is not there, and a directory in the file's place, are out of reach")
  func outOfReach() async throws {
    let directory = try TestDirectory()
    for path in [path(directory, "missing/record.db"), directory.path] {
      let error = await #expect(throws: StorageError.self) { try await open(path) }
      guard case .unavailable = error else {
        Issue.record("\(path): \(String(describing: error))")
        continue
      }
    }
  }

  @Test("an empty file becomes a record, and a record is opened as often as wanted")
  func emptyFile() async throws {
    let directory = try TestDirectory()
    try Data().write(to: URL(fileURLWithPath: path(directory)))
    try await closedRecord(in: directory)
    let size = try await open(path(directory)).read { try $0.journalHead().size }
    #expect(size == 3)
  }

  @Test("after an erasure nothing in the directory holds what was erased")
  func erasedBytes() async throws {
    let directory = try TestDirectory()
    let secret = Array("https://x.example/very-particular-address".utf8)
    let engine = try SQLiteFile(path: path(directory))
    let store = try await Store(engine: engine, clock: SteppingClock(), random: SeededRandom(seed: 1))
    let item = ID<Item>(TestRecord.id(50))
    let event = ItemReported(
      item: item, owner: TestRecord.agency, provider: TestRecord.provider, operation: nil, kind: .page, handling: .h0,
      sharing: .owner, digest: TestRecord.digest(50), source: nil, locator: secret, reportedAs: nil,
      remarks: ReportRemarks())
    try await store.write(as: TestRecord.owner) { tx in
      for event in TestRecord.founding + [event] { try tx.record(event) }
    }
    #expect(try holdsAny(secret, in: directory))
    _ = try await store.write(as: TestRecord.owner) { try $0.erase(item, basis: "led-16", for: TestRecord.viewer) }
    try await store.compact()
    #expect(try !holdsAny(secret, in: directory))
  }

  private func holdsAny(_ bytes: [UInt8], in directory: TestDirectory) throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: directory.path).contains { name in
      try directory.bytes(of: name).range(of: Data(bytes)) != nil
    }
  }
}
