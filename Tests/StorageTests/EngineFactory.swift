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
