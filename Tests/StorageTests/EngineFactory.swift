import Foundation
import PostgresEngine
import SQLiteEngine
import Storage
import Testing

/// An engine that the conformance suite is run on; a second one is put under it by adding it to ``all``.
struct EngineFactory: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// A trigger that empties a table, in the engine's words.
  let trigger: String
  /// Opens the database of a name within a directory, as often as it is called.
  let open: @Sendable (_ directory: String, _ name: String) throws -> any Engine

  static let sqlite = EngineFactory(
    testDescription: "SQLite", trigger: "CREATE TRIGGER t AFTER INSERT ON items BEGIN DELETE FROM items; END"
  ) { directory, name in
    try SQLiteFile(path: "\(directory)/\(name).db")
  }

  /// A schema of its own for each database, on the server that `scripts/with-postgres` has started.
  static let postgres = EngineFactory(
    testDescription: "PostgreSQL", trigger: "CREATE RULE t AS ON INSERT TO items DO ALSO DELETE FROM items"
  ) { directory, name in
    let server = try PrivateServer.shared.get()
    let schema = "\(URL(fileURLWithPath: directory).lastPathComponent)-\(name)"
    return try PostgresDatabase(url: server.makeSchema(schema))
  }

  static let all = [sqlite, postgres]
}

/// The server of the tests; its absence is a failure, never a skip.
private struct PrivateServer: Sendable {
  struct Missing: Error, CustomStringConvertible {
    let description = "CORDON_TEST_POSTGRES is not set: run the tests by scripts/with-postgres"
  }

  static let shared = Result { try PrivateServer() }

  private let url: String
  private let database: PostgresDatabase

  private init() throws {
    guard let url = ProcessInfo.processInfo.environment["CORDON_TEST_POSTGRES"] else { throw Missing() }
    self.url = url
    database = try PostgresDatabase(url: url)
    // The words of SQLite in which the tests do their tampering.
    try database.blockingWrite { connection in
      for statement in Self.words { try connection.execute(statement) }
    }
  }

  private static let words = [
    "CREATE SCHEMA IF NOT EXISTS words",
    "DROP DOMAIN IF EXISTS words.blob",
    "CREATE DOMAIN words.blob AS bytea",
    """
    CREATE OR REPLACE FUNCTION words.zeroblob(integer) RETURNS bytea LANGUAGE sql
      AS $$ SELECT decode(repeat('00', $1), 'hex') $$
    """,
    """
    CREATE OR REPLACE FUNCTION words.replace(bytea, text, text) RETURNS bytea LANGUAGE sql
      AS $$ SELECT convert_to(replace(convert_from($1, 'UTF8'), $2, $3), 'UTF8') $$
    """,
  ]

  /// Makes the schema where it is missing; returns the address of a database that lies in it.
  func makeSchema(_ name: String) throws -> String {
    try database.blockingWrite { _ = try $0.execute("CREATE SCHEMA IF NOT EXISTS \"\(name)\"") }
    return url + (url.contains("?") ? "&" : "?") + "options=-csearch_path%3D%22\(name)%22%2Cwords"
  }
}

/// A directory for one test's databases; it goes with the last who holds it.
final class TestDirectory: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/cordon-storage-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func bytes(of name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")) }
}
