public import Domain

extension ReadTransaction {
  /// Whether a provider is registered.
  public func hasProvider(_ id: ID<Provider>) throws -> Bool {
    try keys.find(id.identifier, in: "providers", on: connection) != nil
  }

  /// The operation with this name in which the agency takes part, by the name's keyed digest; its own first.
  public func operation(nameDigest: [UInt8], of agency: ID<Agency>) throws -> ID<Operation>? {
    try connection.first(
      """
      SELECT operations.id FROM operations JOIN participants ON participants.operation = operations.row
        JOIN agencies ON agencies.row = participants.agency
      WHERE operations.name_digest = ? AND agencies.id = ?
      ORDER BY CASE WHEN operations.agency = agencies.row THEN 0 ELSE 1 END, operations.row LIMIT 1
      """, [.blob(nameDigest), .identifier(agency.identifier)]
    ) { ID(try $0.identifier(0)) }
  }

  /// The owner's unfinished import of an input with this digest into this operation.
  public func unfinishedImport(
    digest: [UInt8], owner: ID<Agency>, operation: ID<Operation>?
  ) throws -> Import? {
    try connection.first(
      """
      SELECT imports.id, imports.digest, lines_done, items_new, sightings, finished_at
      FROM imports JOIN agencies ON agencies.row = imports.owner
        LEFT JOIN operations ON operations.row = imports.operation
      WHERE imports.digest = ? AND agencies.id = ? AND finished_at IS NULL
        AND (operations.id = ? OR (operations.id IS NULL AND ? = 0))
      ORDER BY imports.row
      """,
      [
        .blob(digest), .identifier(owner.identifier), .optional(operation?.identifier),
        .isGiven(operation),
      ], ReadTransaction.importRow)
  }

  public func importRecord(_ id: ID<Import>) throws -> Import? {
    try connection.first(
      "SELECT id, digest, lines_done, items_new, sightings, finished_at FROM imports WHERE id = ?",
      [.identifier(id.identifier)], ReadTransaction.importRow)
  }
}

extension ReadTransaction {
  static func importRow(_ row: any Row) throws -> Import {
    Import(
      id: ID(try row.identifier(0)), digest: row.blob(1), linesDone: row.integer(2), itemsNew: row.integer(3),
      sightings: row.integer(4), finishedAt: row.isNull(5) ? nil : row.instant(5))
  }

  /// Providers in the order of their registration, with how many of the viewer's items each has.
  public func providers(for viewer: Viewer) throws -> [(provider: Provider, items: Int64)] {
    let visible = viewer.condition(on: "items")
    return try connection.rows(
      """
      SELECT providers.id, providers.pack, providers.name, providers.registered_at, counts.items
      FROM providers JOIN (
        SELECT items.provider AS provider, count(*) AS items FROM items WHERE \(visible.sql) GROUP BY items.provider
      ) counts ON counts.provider = providers.row ORDER BY providers.row
      """, visible.values
    ) { row in
      (
        Provider(
          id: ID(try row.identifier(0)), pack: row.optionalText(1), name: row.optionalText(2),
          registeredAt: row.instant(3)), row.integer(4)
      )
    }
  }

}
