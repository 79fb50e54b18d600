public import Domain

/// Leases lie beside the journal: they say who works, nothing of what happened, and every one can be lost.
extension Store {
  /// How these lanes stand; one that was never taken is missing.
  public func lanes(_ names: [String]) async throws -> [String: LaneState] {
    try await reading { connection in
      var states: [String: LaneState] = [:]
      for (marks, values) in Self.lists(of: names) {
        try connection.forEachRow(
          "SELECT name, holder, until, next_try_at FROM leases WHERE name IN (\(marks))", values
        ) {
          states[$0.text(0)] = LaneState(
            holder: $0.isNull(1) ? nil : try $0.identifier(1), until: $0.instant(2),
            nextTryAt: $0.isNull(3) ? nil : $0.instant(3))
        }
      }
      return states
    }
  }

  /// Takes those of the lanes that are free, and raises the fence of each; returns what the holder has of them now.
  ///
  /// - Parameter known: lanes that are there already, as ``lanes(_:)`` has told.
  public func takeLeases(
    _ names: [String], known: Set<String>, for holder: Identifier, at now: Instant, until: Instant
  ) async throws -> [Lease] {
    try await onWriter { [skipLocked] connection in
      try Self.make(names.filter { !known.contains($0) }, on: connection)
      return try Self.lists(of: names).flatMap { marks, values in
        try connection.execute(
          """
          UPDATE leases SET holder = ?, fence = fence + 1, until = ? WHERE name IN (
            SELECT name FROM leases WHERE name IN (\(marks)) AND until <= ? AND coalesce(next_try_at, 0) <= ?
            \(skipLocked))
          """, [.identifier(holder), .instant(until)] + values + [.instant(now), .instant(now)])
        return try connection.rows(
          "SELECT name, fence, failures FROM leases WHERE holder = ? AND until > ? AND name IN (\(marks))",
          [.identifier(holder), .instant(now)] + values
        ) { Lease(name: $0.text(0), holder: holder, fence: $0.integer(1), failures: $0.integer(2)) }
      }
    }
  }

  private static func make(_ names: [String], on connection: any Connection) throws {
    for (_, values) in lists(of: names) {
      let rows = Array(repeating: "(?, 0, 0, 0)", count: values.count).joined(separator: ", ")
      try connection.execute(
        "INSERT INTO leases (name, fence, until, failures) VALUES \(rows) ON CONFLICT (name) DO NOTHING", values)
    }
  }

  /// Lets leases that are in force last until a later instant; returns the names of those that the holder still has.
  public func renewLeases(
    _ names: [String], of holder: Identifier, at now: Instant, until: Instant
  ) async throws -> Set<String> {
    try await onWriter { connection in
      var held: Set<String> = []
      for (marks, values) in Self.lists(of: names) {
        let renewed = try connection.execute(
          "UPDATE leases SET until = ? WHERE holder = ? AND until > ? AND name IN (\(marks))",
          [.instant(until), .identifier(holder), .instant(now)] + values)
        guard renewed > 0 else { continue }
        held.formUnion(
          try connection.rows(
            "SELECT name FROM leases WHERE holder = ? AND until > ? AND name IN (\(marks))",
            [.identifier(holder), .instant(now)] + values
          ) { $0.text(0) })
      }
      return held
    }
  }

  /// Gives lanes back: whoever comes next takes them at once.
  public func handBackLeases(_ names: [String], of holder: Identifier) async throws {
    try await onWriter { connection in
      for (marks, values) in Self.lists(of: names) {
        try connection.execute(
          "UPDATE leases SET holder = NULL, until = 0 WHERE holder = ? AND name IN (\(marks))",
          [.identifier(holder)] + values)
      }
    }
  }

  /// Gives a lane back that nobody is to work on before an instant; a lease that was lost changes nothing.
  public func postpone(_ lease: Lease, failures: Int64, until: Instant) async throws {
    try await onWriter { connection in
      _ = try connection.execute(
        """
        UPDATE leases SET holder = NULL, until = 0, failures = ?, next_try_at = ?
        WHERE name = ? AND holder = ? AND fence = ?
        """,
        [
          .integer(failures), .instant(until), .text(lease.name), .identifier(lease.holder), .integer(lease.fence),
        ])
    }
  }

  /// The work of a lane goes well again: what failed before is forgotten.
  public func forgetFailures(of lease: Lease) async throws {
    try await onWriter { connection in
      _ = try connection.execute(
        "UPDATE leases SET failures = 0, next_try_at = NULL WHERE name = ? AND holder = ? AND fence = ?",
        [.text(lease.name), .identifier(lease.holder), .integer(lease.fence)])
    }
  }

  /// When the first lane of a group (`dispatch/`) that waits for its next try may be worked on.
  public func nextTry(in group: String, after instant: Instant) async throws -> Instant? {
    try await reading { connection in
      try connection.first(
        "SELECT min(next_try_at) FROM leases WHERE name LIKE ? AND next_try_at > ?",
        [.text(group + "%"), .instant(instant)]
      ) { $0.isNull(0) ? nil : $0.instant(0) } ?? nil
    }
  }

  // MARK: Who works beside whom

  /// Says that a process takes part in a kind of work, and forgets those that said so and are gone.
  public func join(_ group: String, as holder: Identifier, at now: Instant, until: Instant) async throws -> String {
    let name = Self.members(of: group) + holder.description
    try await onWriter { connection in
      try connection.execute(
        "DELETE FROM leases WHERE name LIKE ? AND until <= ?", [.text("members/%"), .instant(now)])
      try connection.execute(
        "INSERT INTO leases (name, holder, fence, until, failures) VALUES (?, ?, 1, ?, 0) ON CONFLICT (name) DO NOTHING",
        [.text(name), .identifier(holder), .instant(until)])
    }
    return name
  }

  /// How many processes take part in a kind of work.
  public func members(of group: String, at now: Instant) async throws -> Int {
    try await reading { connection in
      try connection.first(
        "SELECT count(*) FROM leases WHERE name LIKE ? AND until > ?",
        [.text(Self.members(of: group) + "%"), .instant(now)]
      ) { Int($0.integer(0)) } ?? 0
    }
  }

  private static func members(of group: String) -> String { "members/\(group)/" }

  /// Names in pieces that a statement can take as parameters.
  private static func lists(of names: [String]) -> [(marks: String, values: [Value])] {
    stride(from: 0, to: names.count, by: 100).map { start in
      let piece = names[start..<min(start + 100, names.count)]
      return (Array(repeating: "?", count: piece.count).joined(separator: ", "), piece.map { .text($0) })
    }
  }
}
