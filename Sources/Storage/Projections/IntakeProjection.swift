import Domain

/// What was put on record: providers, operations, imports; items have files of their own.
extension Projector {
  func project(_ event: ProviderRegistered, _ header: EventHeader) throws {
    try connection.submit(
      "INSERT INTO providers (row, id, pack, name, registered_at) VALUES (?, ?, ?, ?, ?)",
      [
        .integer(header.index), .identifier(event.provider.identifier), .optional(event.pack),
        .optional(event.name), .instant(header.at),
      ])
  }

  func project(_ event: OperationOpened, _ header: EventHeader, agency: Int64) throws {
    try connection.submit(
      "INSERT INTO operations (row, id, agency, name_digest, name, opened_at, h_hour) VALUES (?, ?, ?, ?, ?, ?, NULL)",
      [
        .integer(header.index), .identifier(event.operation.identifier), .integer(agency),
        .blob(event.nameDigest), .optional(event.name), .instant(header.at),
      ])
    // Whoever opens an operation takes part in it.
    try connection.submit(
      "INSERT INTO participants (operation, agency) VALUES (?, ?)", [.integer(header.index), .integer(agency)])
  }

  func project(_ event: ImportOpened, _ header: EventHeader, owner: Int64, operation: Int64?) throws {
    try connection.submit(
      """
      INSERT INTO imports
        (row, id, owner, operation, format, digest, file_name, lines_done, items_new, sightings, rejected,
         finished_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, NULL, NULL)
      """,
      [
        .integer(header.index), .identifier(event.importID.identifier), .integer(owner), .optional(operation),
        .text(event.format), .blob(event.digest), .optional(event.fileName),
      ])
  }

  func project(_ event: ImportFinished, _ header: EventHeader) throws {
    try connection.submit(
      "UPDATE imports SET rejected = ?, finished_at = ? WHERE id = ?",
      [.integer(event.rejected), .instant(header.at), .identifier(event.importID.identifier)])
  }

  /// The address is free again: whoever reports it after the erasure begins anew, with an item of its own.
  func project(_ event: ItemErased) throws {
    try connection.submit("DELETE FROM item_locators WHERE item = ?", [.integer(event.reportIndex)])
    try connection.submit("UPDATE items SET locator = NULL WHERE row = ?", [.integer(event.reportIndex)])
    try connection.submit(
      "UPDATE referrals SET clause = NULL, reference = NULL WHERE item = ?", [.integer(event.reportIndex)])
  }
}
