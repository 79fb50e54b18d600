import Foundation
import PostgresEngine
import Storage

/// The server of the tests; its absence is a failure, never a skip.
struct PrivateServer: Sendable {
  struct Missing: Error, CustomStringConvertible {
    let description = "CORDON_TEST_POSTGRES is not set: run the tests by scripts/with-postgres"
  }

  static let shared = Result { try PrivateServer() }

  let url: String
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

  /// Runs SQL as the server's superuser, outside of any record.
  func run(_ sql: String) throws { try database.blockingWrite { _ = try $0.execute(sql) } }

  /// Ends the connections whose application has this name, as a server that goes down does.
  func disconnect(_ application: String) throws {
    try run("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = '\(application)'")
  }

  /// Makes the schema where it is missing; returns the address of a database that lies in it.
  func makeSchema(_ name: String) throws -> String {
    try database.blockingWrite { _ = try $0.execute("CREATE SCHEMA IF NOT EXISTS \"\(name)\"") }
    return url + (url.contains("?") ? "&" : "?") + "options=-csearch_path%3D%22\(name)%22%2Cwords"
  }
}
