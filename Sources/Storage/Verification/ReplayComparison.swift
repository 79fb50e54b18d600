import Domain

/// Rebuilds every projected table from the journal into a fresh database and compares row by row.
struct ReplayComparison {
  let source: any Connection
  let target: any Connection
  let progress: (_ done: Int64) -> Void

  private static let page = 8_192

  /// Returns how many rows were compared.
  func run(into report: inout VerificationReport) throws -> Int64 {
    do {
      try Projections.fold(from: source, into: target, progress: progress)
    } catch let error as StorageError where error.endsTransaction {
      throw error
    } catch {
      report.add(.table("journal"), "it can't be replayed: \(error)")
      return 0
    }
    var compared: Int64 = 0
    for table in Projections.tables { compared += try compare(table, into: &report) }
    return compared
  }

  /// Walks both tables in the order of their keys, a page at a time.
  private func compare(_ table: Projections.Table, into report: inout VerificationReport) throws -> Int64 {
    var compared: Int64 = 0
    var after: [Value] = []
    while true {
      let found = try rows(of: table, after: after, on: source)
      let expected = try rows(of: table, after: after, on: target)
      for (row, other) in zip(found, expected) where row != other {
        report.add(place(table, key(of: row, in: table)), difference(row, other, in: table))
        return compared
      }
      compared += Int64(min(found.count, expected.count))
      if found.count != expected.count {
        let shorter = min(found.count, expected.count)
        let (row, problem) =
          found.count > expected.count
          ? (found[shorter], "no event of the journal made it") : (expected[shorter], "it is missing")
        report.add(place(table, key(of: row, in: table)), problem)
        return compared
      }
      guard let last = found.last, found.count == Self.page else { return compared }
      after = key(of: last, in: table)
    }
  }

  private func rows(of table: Projections.Table, after: [Value], on connection: any Connection) throws -> [[Value]] {
    let columns = (table.key + table.columns).joined(separator: ", ")
    let key = table.key.joined(separator: ", ")
    let marks = table.key.map { _ in "?" }.joined(separator: ", ")
    let condition = after.isEmpty ? "" : "WHERE (\(key)) > (\(marks))"
    let count = table.key.count + table.columns.count
    return try connection.rows(
      "SELECT \(columns) FROM \(table.name) \(condition) ORDER BY \(key) LIMIT \(Self.page)", after
    ) { row in (0..<count).map { row.value($0) } }
  }

  private func key(of row: [Value], in table: Projections.Table) -> [Value] { Array(row.prefix(table.key.count)) }

  private func place(_ table: Projections.Table, _ key: [Value]) -> Finding.Place {
    .row(table: table.name, key: key.map(\.shown).joined(separator: ", "))
  }

  private func difference(_ row: [Value], _ other: [Value], in table: Projections.Table) -> String {
    let names = table.key + table.columns
    let position = zip(row, other).enumerated().first { $1.0 != $1.1 }?.offset ?? 0
    if position < table.key.count { return "no event of the journal made it" }
    // What a personal column holds is not for a log; that it differs is.
    return "its column \(names[position]) is not what the journal gives"
  }
}

extension Value {
  /// As a key is told to a person.
  fileprivate var shown: String {
    switch self {
    case .null: "null"
    case .integer(let integer): "\(integer)"
    case .text(let text): text
    case .blob(let bytes): Hex.encode(bytes)
    case .identifier(let identifier): Hex.encode(identifier.bytes)
    }
  }
}
