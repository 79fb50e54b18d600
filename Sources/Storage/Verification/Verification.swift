import Crypto
import Domain
public import TransparencyLog

/// Holds a database against its own journal; it trusts no table and changes none.
public enum Verification {
  /// What is done at the moment, for a progress bar.
  public enum Step: String, Sendable {
    case leaves = "leaves"
    case replay = "replay"
  }

  /// Verifies on one snapshot.
  ///
  /// - Parameters:
  ///   - verifier: the journal's public key.
  ///   - outside: an older checkpoint that somebody else kept; only such a one shows a rollback.
  ///   - scratch: an empty database for the replay; without one there is none.
  public static func run(
    on engine: any Engine, verifier: NoteVerifier, outside: SignedNote?, scratch: (any Engine)?,
    progress: @escaping @Sendable (Step, _ done: Int64) -> Void
  ) async throws -> VerificationReport {
    let dialect = engine.dialect
    let layout = scratch == nil ? [] : try await engine.layout(after: Migration.definitions(in: dialect))
    return try await engine.read { connection in
      var report = VerificationReport()
      try Migration.requireKnown(on: connection, dialect: dialect)
      let checkpoints = try CheckpointAudit(connection: connection, verifier: verifier, outside: outside)
      var journal = JournalAudit(connection: connection, wantedSizes: checkpoints.sizes) { progress(.leaves, $0) }
      try journal.run(into: &report)
      checkpoints.run(size: journal.size, roots: journal.roots, into: &report)
      try checkPasswords(on: connection, into: &report)
      try checkVersions(on: connection, into: &report)
      guard let scratch else { return report }
      for fault in try connection.faults() { report.add(.file, fault) }
      compareLayout(try engine.layout(on: connection), layout, into: &report)
      report.replayedRows = try scratch.blockingWrite { target in
        try Migration.run(on: target, dialect: scratch.dialect)
        let comparison = ReplayComparison(source: connection, target: target) { progress(.replay, $0) }
        return try comparison.run(into: &report)
      }
      return report
    }
  }

  /// Verifiers stand beside the record, their digests in it.
  private static func checkPasswords(on connection: any Connection, into report: inout VerificationReport) throws {
    let users = try connection.rows(
      """
      SELECT users.row, password_verifiers.verifier, users.verifier_digest
      FROM users LEFT JOIN password_verifiers ON users.row = password_verifiers.user_row
      WHERE password_verifiers.verifier IS NOT NULL OR users.verifier_digest IS NOT NULL ORDER BY users.row
      """
    ) { (row: $0.integer(0), verifier: $0.optionalText(1), digest: $0.optionalBlob(2)) }
    for user in users where user.verifier.map({ Array(SHA256.hash(data: Array($0.utf8))) }) != user.digest {
      report.add(
        .row(table: "password_verifiers", key: "\(user.row)"), "it is not the verifier whose digest the journal has")
    }
    let strangers = try connection.rows(
      "SELECT user_row FROM password_verifiers WHERE user_row NOT IN (SELECT row FROM users) ORDER BY user_row"
    ) { $0.integer(0) }
    for row in strangers { report.add(.row(table: "password_verifiers", key: "\(row)"), "there is no such user") }
  }

  /// A trigger or a changed constraint would be a way round the door.
  private static func compareLayout(_ found: [String], _ expected: [String], into report: inout VerificationReport) {
    for object in found where !expected.contains(object) {
      report.add(.file, "it has an object that this program did not make: \(object)")
    }
    for object in expected where !found.contains(object) {
      report.add(.file, "an object of the layout is missing or changed: \(object)")
    }
  }

  private static func checkVersions(on connection: any Connection, into report: inout VerificationReport) throws {
    let migrations = try connection.rows("SELECT version, name FROM schema_migrations ORDER BY version") {
      "\($0.integer(0)) \($0.text(1))"
    }
    if migrations != Migration.all.map({ "\($0.version) \($0.name)" }) {
      report.add(.table("schema_migrations"), "it is not the list of this program's migrations")
    }
    let projections = try connection.rows("SELECT name, version FROM projections ORDER BY name") {
      "\($0.text(0)) \($0.integer(1))"
    }
    if projections != Projections.stamp {
      report.add(.table("projections"), "it is not this program's version of the tables")
    }
  }
}
