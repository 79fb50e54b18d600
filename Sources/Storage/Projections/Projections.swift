import Domain

/// The tables that are a fold over the journal, and the version of the code that folds.
enum Projections {
  /// Raised with every change of what an event does to these tables; older databases are then rebuilt.
  static let version: Int64 = 3
  private static let name = "tables"

  /// The row of `projections` that a database made by this program has.
  static var stamp: [String] { ["\(name) \(version)"] }

  /// A projected table: the columns that order it, and the others.
  struct Table: Sendable {
    let name: String
    let key: [String]
    let columns: [String]

    init(_ name: String, key: [String] = ["row"], _ columns: [String]) {
      self.name = name
      self.key = key
      self.columns = columns
    }
  }

  static let tables: [Table] = [
    Table("installations", ["id", "owner"]),
    Table("agencies", ["id", "name_digest", "name"]),
    Table("users", ["id", "agency", "name_digest", "name", "roles", "is_owner", "verifier_digest"]),
    Table("tokens", ["id", "user_row", "digest", "label", "created_at", "expires_at", "revoked_at"]),
    Table("sessions", ["id", "user_row", "digest", "expires_at", "closed_at"]),
    Table("requests", ["caller", "key_digest", "body_digest", "status", "reply"]),
    Table("providers", ["id", "pack", "name", "registered_at"]),
    Table("operations", ["id", "agency", "name_digest", "name", "opened_at", "h_hour"]),
    Table(
      "imports",
      [
        "id", "owner", "operation", "format", "digest", "file_name", "lines_done", "items_new", "sightings",
        "rejected", "finished_at",
      ]),
    Table(
      "items",
      [
        "id", "owner", "provider", "operation", "kind", "handling", "sharing", "locator", "first_reported_at",
        "last_sighted_at", "sightings",
      ]),
    Table("item_locators", key: ["locator", "owner"], ["item"]),
    Table("participants", key: ["operation", "agency"], []),
    Table("outlets", ["id", "agency", "operation", "name_digest", "name", "review_at"]),
    Table("observations", key: ["outlet", "day"], ["posts", "accounts", "reach"]),
    Table("cases", ["id", "agency", "operation", "prosecutor", "reference_digest", "reference"]),
    Table("case_facts", ["case_file", "kind", "happened_at", "note"]),
    Table(
      "assessments", key: ["item"],
      ["idx", "decision", "categories", "assessor", "second", "second_idx", "agrees"]),
    Table("interests", ["id", "agency", "locator", "until", "withdrawn_at"]),
    Table(
      "deconflictions", key: ["item"],
      ["idx", "result", "valid_until", "hold_idx", "held_until", "lifted_idx", "clear_idx", "clear_until"]),
    Table(
      "referrals",
      [
        "id", "item", "provider", "operation", "categories", "clause", "due_at", "delivered_idx", "delivered_at",
        "attempts", "refused_idx", "answered_idx", "answered_at", "outcome", "reference", "retracted_idx",
        "must_recall", "recalled_idx",
      ]),
    Table(
      "watches", key: ["item"],
      [
        "provider", "operation", "delivered_at", "earlier_looks", "looks", "next_look_at", "verdict", "seen_idx",
        "last_live_at", "first_gone_at", "gone_idx", "contradicted_idx", "reappeared_idx", "title",
      ]),
    Table("relations", key: ["item", "original"], ["relation", "idx"]),
    Table("provider_desks", key: ["user_row"], ["provider"]),
  ]

  /// Throws where a newer program has folded the tables.
  static func refuseNewer(on connection: any Connection) throws {
    let found = try connection.first("SELECT max(version) FROM projections") { $0.integer(0) } ?? 0
    guard found <= version else { throw StorageError.newer(found: found, known: version) }
  }

  /// Folds the journal anew when an older program made the tables; a fresh database is only marked.
  static func rebuildOutdated(on connection: any Connection) throws {
    let found = try connection.first(
      "SELECT version FROM projections WHERE name = ?", [.text(name)]
    ) { $0.integer(0) }
    guard found != version else { return }
    try refuseNewer(on: connection)
    try connection.begin()
    do {
      for table in tables { try connection.execute("DELETE FROM \(table.name)") }
      try fold(from: connection, into: connection)
      try connection.execute(
        """
        INSERT INTO projections (name, version) VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET version = excluded.version
        """, [.text(name), .integer(version)])
      try connection.commit()
    } catch {
      try? connection.rollback()
      throw error
    }
  }

  /// Applies every event of the journal to the tables of `target`, in bounded memory.
  static func fold(
    from source: any Connection, into target: any Connection, progress: (_ done: Int64) -> Void = { _ in }
  ) throws {
    let projector = Projector(connection: target)
    var next: Int64 = 0
    while true {
      let events = try source.rows(
        "SELECT \(StoredEvent.columns) FROM journal WHERE idx >= ? ORDER BY idx LIMIT 10000", [.integer(next)]
      ) { StoredEvent($0) }
      guard let last = events.last else { return }
      try projector.apply(try events.map { try $0.recorded() })
      next = last.index + 1
      progress(next)
    }
  }
}
