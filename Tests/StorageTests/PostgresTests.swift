import Dispatch
import Domain
import Foundation
import PostgresEngine
import Storage
import Synchronization
import TestPorts
import Testing

@Suite("PostgreSQL: what may go wrong with a server") struct PostgresTests {
  private let server: PrivateServer
  private let schema = "postgres-\(UUID().uuidString)"

  init() throws { server = try PrivateServer.shared.get() }

  private func open(_ more: String = "") async throws -> TestRecord {
    let directory = try TestDirectory()
    let engine = try PostgresDatabase(url: try server.makeSchema(schema) + more)
    return try await TestRecord(.postgres, directory, engine, SteppingClock(), SeededRandom(seed: 1))
  }

  /// What opening the address fails with.
  private func refusal(of url: String) async -> String {
    do {
      let engine = try PostgresDatabase(url: url)
      _ = try await Store(engine: engine, clock: SteppingClock(), random: SeededRandom(seed: 1))
      return "nothing"
    } catch { return "\(error)" }
  }

  @Test("an address that can't be read, and one where nobody answers, are told without the password")
  func addresses() async throws {
    #expect(await refusal(of: "postgresql://ana:secret@[::1").contains("postgresql://user@host:port/database"))
    let silent = await refusal(of: "postgresql://ana:secret@127.0.0.1:1/x?connect_timeout=2")
    #expect(silent.contains("Connection refused"))
    #expect(!silent.contains("secret"))
    let url = try server.makeSchema(schema)
    #expect(await refusal(of: url.replacing("/postgres?", with: "/nowhere?")).contains("\"nowhere\" does not exist"))
    #expect(await refusal(of: server.url + "&options=-csearch_path%3Dnowhere").contains("CREATE SCHEMA"))
  }

  @Test("a server that does not answer is waited for as long as was said, and the wait is told once")
  func patience() async throws {
    let began = ContinuousClock.now
    var told: [String] = []
    #expect(throws: StorageError.self) {
      try PostgresDatabase(url: "postgresql://127.0.0.1:1/x", patience: .seconds(1)) { told.append($0) }
    }
    #expect(ContinuousClock.now - began >= .seconds(1))
    #expect(told.count == 1)
    // One that answers and refuses is not waited for.
    let refused = ContinuousClock.now
    #expect(throws: StorageError.self) {
      try PostgresDatabase(
        url: server.url.replacing("/postgres?", with: "/nowhere?"), patience: .seconds(60)
      ) { told.append($0) }
    }
    #expect(ContinuousClock.now - refused < .seconds(30))
    #expect(told.count == 1)
  }

  @Test("somebody else's tables, and a newer program's, are not touched")
  func foreignTables() async throws {
    let url = try server.makeSchema(schema)
    try server.run("CREATE TABLE \"\(schema)\".theirs (a integer)")
    #expect(await refusal(of: url) == StorageError.foreign.description)
    try server.run("DROP TABLE \"\(schema)\".theirs")
    let record = try await open()
    try record.tamper("INSERT INTO schema_migrations VALUES (99, 'later')")
    #expect(await refusal(of: url).contains("made by a newer Cordon (schema 99"))
  }

  @Test("a role without rights and one without a free connection are told what is missing")
  func roles() async throws {
    let url = try server.makeSchema(schema)
    let role = "role-\(UUID().uuidString)"
    try server.run("CREATE ROLE \"\(role)\" LOGIN CONNECTION LIMIT 1")
    let limited = url.replacing("user=cordon", with: "user=\(role)")
    let rights = await refusal(of: limited)
    // The schema is not even seen by somebody who may not use it.
    #expect(rights.contains("CREATE SCHEMA") || rights.contains("lacks a right"), "\(rights)")
    try server.run("GRANT USAGE ON SCHEMA \"\(schema)\" TO \"\(role)\"")
    #expect(await refusal(of: limited).contains("lacks a right (permission denied for schema"))
    try server.run("GRANT CREATE ON SCHEMA \"\(schema)\" TO \"\(role)\"")
    let first = try PostgresDatabase(url: limited)
    #expect(await refusal(of: limited).contains("too many connections for role"))
    try first.close()
    // The server counts a connection for a moment longer than its client does.
    let deadline = ContinuousClock.now + .seconds(30)
    var told = await refusal(of: limited)
    while told.contains("too many connections for role"), ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(10))
      told = await refusal(of: limited)
    }
    #expect(told == "nothing")
  }

  @Test("a server whose version is too old is refused by its number")
  func oldServer() async throws {
    let old = try OldServer()
    let told = await refusal(of: "postgresql://ana@127.0.0.1:\(old.port)/x?sslmode=disable&gssencmode=disable")
    #expect(told.contains("the server is PostgreSQL 9, and 15 is the oldest"), "\(told)")
  }

  @Test("after its connection was lost a record goes on, and what was under way is not half there")
  func lostConnection() async throws {
    let name = "lost-\(UUID().uuidString.prefix(8))"
    let record = try await open("&application_name=\(name)")
    try await record.write(TestRecord.founding)
    for number in UInt64(1)...5 {
      try server.disconnect(name)
      try await record.write([TestRecord.report(number)])
      try server.disconnect(name)
      #expect(try await record.size() == Int64(3 + number))
    }
    await #expect(throws: StorageError.self) {
      try await record.store.write(as: TestRecord.owner) { tx in
        try tx.record(TestRecord.report(100))
        try self.server.disconnect(name)
        try tx.record(TestRecord.report(101))
      }
    }
    #expect(try await record.size() == 8)
    try await record.write([TestRecord.report(100)])
    #expect(try await record.verify().told == [])
  }

  @Test("a text with U+0000 is its body's own fault")
  func nullCharacter() async throws {
    let record = try await open()
    try await record.write(TestRecord.founding)
    await #expect(throws: StorageError.conflict("a text holds a character that PostgreSQL can't keep")) {
      try await record.write([AgencyAdded(agency: ID(TestRecord.id(9)), nameDigest: [9], name: "a\u{0}b")])
    }
    try await record.write([TestRecord.report(1)])
    #expect(try await record.verify().told == [])
  }

  @Test("values of every kind come back as they were given, copied or inserted")
  func values() async throws {
    let record = try await open()
    try record.tamper("CREATE TABLE kinds (row BIGINT, i BIGINT, t TEXT, b BYTEA)")
    let long = String(repeating: "é\"\\\t\n", count: 20_000)
    for rows in [3, 500] {
      try record.engine.blockingWrite { connection in
        var batch = RowBatch(table: "kinds", columns: ["row", "i", "t", "b"])
        for row in 0..<rows {
          batch.cells.integer(Int64(row))
          batch.cells.integer(row == 0 ? nil : row == 1 ? Int64.min : Int64.max)
          row == 1 ? batch.cells.text("") : batch.cells.text(row == 2 ? long : "x")
          batch.cells.blob(row == 0 ? nil : row == 1 ? [] : [0, 255, 0])
        }
        try connection.begin()
        try connection.insert(batch)
        try connection.commit()
        let found = try connection.rows("SELECT i, t, b FROM kinds ORDER BY row") { row in
          (0..<3).map { row.value($0) }
        }
        #expect(found.count == rows)
        #expect(found[0] == [.null, .text("x"), .null])
        #expect(found[1] == [.integer(.min), .text(""), .blob([])])
        #expect(found[2] == [.integer(.max), .text(long), .blob([0, 255, 0])])
        let sums = try connection.first("SELECT sum(row), count(*), max(row), 1 = 1, 'a?b' FROM kinds") { row in
          (row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.text(4))
        }
        #expect(try #require(sums) == (Int64(rows * (rows - 1) / 2), Int64(rows), Int64(rows - 1), 1, "a?b"))
        let wide = try connection.first(
          "SELECT sum(v) FROM (VALUES (?), (?), (?)) AS v (v)",
          [
            .integer(-9_000_000_000_000), .integer(-1_000_000_000), .integer(-10_000),
          ]
        ) { $0.integer(0) }
        #expect(wide == -9_001_000_010_000)
        try connection.execute("DELETE FROM kinds")
      }
    }
  }

  @Test("a commit is told to every process that listens", .timeLimit(.minutes(1)))
  func commits() async throws {
    let record = try await open()
    let other = try PostgresDatabase(url: try server.makeSchema(schema))
    let here = AwaitedCommits(record.engine), there = AwaitedCommits(other)
    await here.next()
    await there.next()
    try await record.write(TestRecord.founding)
    await here.next()
    await there.next()
    try other.close()
    #expect(await there.ended())
  }
}

/// Takes an engine's commits one after another.
private final class AwaitedCommits: Sendable {
  private let engine: any Engine
  private let tell: AsyncStream<Void>

  init(_ engine: any Engine) {
    self.engine = engine
    tell = engine.commits()
  }

  func next() async {
    for await _ in tell { return }
  }

  func ended() async -> Bool {
    for await _ in tell { return false }
    return true
  }
}

/// Greets like a PostgreSQL of long ago: authentication is fine, and its version is 9.6.
private final class OldServer: Sendable {
  let port: UInt16
  private let listener: Int32

  init() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, length) == 0 && listen(listener, 1) == 0 && getsockname(listener, pointer, &length) == 0
      }
    }
    try #require(bound)
    port = UInt16(bigEndian: address.sin_port)
    DispatchQueue.global().async { Self.greet(listener) }
  }

  deinit { close(listener) }

  private static func greet(_ listener: Int32) {
    let client = accept(listener, nil, nil)
    var request = [UInt8](repeating: 0, count: 1_024)
    _ = read(client, &request, request.count)
    // AuthenticationOk, ParameterStatus, BackendKeyData, ReadyForQuery (PostgreSQL's documentation, 55.7).
    var greeting: [UInt8] = [0x52, 0, 0, 0, 8, 0, 0, 0, 0]
    let status = Array("server_version".utf8) + [0] + Array("9.6.24".utf8) + [0]
    greeting += [0x53, 0, 0, 0, UInt8(status.count + 4)] + status
    greeting += [0x4B, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 1, 0x5A, 0, 0, 0, 5, 0x49]
    _ = write(client, greeting, greeting.count)
    _ = read(client, &request, request.count)
    close(client)
  }
}
