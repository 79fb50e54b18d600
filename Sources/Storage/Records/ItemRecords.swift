public import Domain

/// Who looks: decides which rows exist for them.
///
/// This is the only place that says who sees what; reads, counts and exports of owned rows all pass it.
public struct Viewer: Sendable, Hashable {
  public let user: ID<User>
  public let agency: ID<Agency>

  public init(user: ID<User>, agency: ID<Agency>) {
    self.user = user
    self.agency = agency
  }

  /// The condition on an owned table; the agency's identifier is to be bound twice.
  static func condition(on table: String) -> String {
    """
    (\(table).owner = (SELECT row FROM agencies WHERE id = ?) OR \(table).sharing = 'installation'
      OR (\(table).sharing = 'operation' AND EXISTS (
        SELECT 1 FROM participants JOIN agencies ON agencies.row = participants.agency
        WHERE participants.operation = \(table).operation AND agencies.id = ?)))
    """
  }

  /// The condition on an owned table, and its values.
  func condition(on table: String) -> (sql: String, values: [Value]) {
    (Self.condition(on: table), [.identifier(agency.identifier), .identifier(agency.identifier)])
  }
}

/// Which page of a list is wanted: rows after a key, in ascending order.
public struct Page: Sendable, Hashable {
  public let after: Int64
  public let limit: Int

  /// `limit` is held between 1 and 1,000.
  public init(after: Int64 = -1, limit: Int = 100) {
    self.after = after
    self.limit = min(max(limit, 1), 1_000)
  }
}

/// An item that its owner has on record, as intake needs it.
public struct KnownItem: Sendable, Hashable {
  public let id: ID<Item>
  /// The journal index of its first report.
  public let reportIndex: Int64

  public init(id: ID<Item>, reportIndex: Int64) {
    self.id = id
    self.reportIndex = reportIndex
  }
}

extension ReadTransaction {
  /// The item, or nil when there is none that the viewer may see.
  public func item(_ id: ID<Item>, for viewer: Viewer) throws -> Item? {
    let visible = viewer.condition(on: "items")
    return try connection.first(
      "\(Self.itemSelect) WHERE items.id = ? AND \(visible.sql)", [.identifier(id.identifier)] + visible.values,
      Self.item)
  }

  /// Items in the order in which they were reported.
  public func items(_ page: Page, for viewer: Viewer) throws -> [Item] {
    let visible = viewer.condition(on: "items")
    return try connection.rows(
      "\(Self.itemSelect) WHERE items.row > ? AND \(visible.sql) ORDER BY items.row LIMIT \(page.limit)",
      [.integer(page.after)] + visible.values, Self.item)
  }

  public func itemCount(for viewer: Viewer) throws -> Int64 {
    let visible = viewer.condition(on: "items")
    return try connection.first("SELECT count(*) FROM items WHERE \(visible.sql)", visible.values) {
      $0.integer(0)
    } ?? 0
  }

  private static let itemSelect = """
    SELECT items.row, items.id, agencies.id, providers.id, operations.id, items.kind, items.handling,
      items.sharing, items.locator, items.first_reported_at, items.last_sighted_at, items.sightings
    FROM items JOIN agencies ON agencies.row = items.owner JOIN providers ON providers.row = items.provider
      LEFT JOIN operations ON operations.row = items.operation
    """

  private static func item(_ row: any Row) throws -> Item {
    guard let kind = ItemKind(rawValue: row.text(5)), let handling = HandlingCode(rawValue: row.text(6)),
      let sharing = Sharing(rawValue: row.text(7))
    else { throw StorageError.damaged("item \(row.integer(0)) has a code that this program does not know") }
    return Item(
      id: ID(try row.identifier(1)), owner: ID(try row.identifier(2)), provider: ID(try row.identifier(3)),
      operation: row.isNull(4) ? nil : ID(try row.identifier(4)), kind: kind, handling: handling,
      sharing: sharing, locator: row.optionalText(8), firstReportedAt: row.instant(9),
      lastSightedAt: row.instant(10), sightings: row.integer(11), reportIndex: row.integer(0))
  }
}

extension ReadTransaction {
  /// Which of these locators the owner has on record.
  ///
  /// Items of other owners do not exist here: an import never tells what another agency knows.
  public func knownItems(_ digests: [LocatorDigest], owner: ID<Agency>) throws -> [LocatorDigest: KnownItem] {
    guard let ownerRow = try agencyRow(owner) else { return [:] }
    let sorted = digests.sorted()
    var keys = CellBatch(width: 2, reservingRows: sorted.count, bytesPerRow: 16)
    for digest in sorted {
      keys.identifier(Identifier(high: digest.high, low: digest.low))
      keys.integer(ownerRow)
    }
    var known: [LocatorDigest: KnownItem] = [:]
    try connection.forEachRow(
      """
      SELECT item_locators.item, items.id FROM item_locators JOIN items ON items.row = item_locators.item
      WHERE item_locators.locator = ? AND item_locators.owner = ?
      """, parameters: keys
    ) { position, row in
      known[sorted[position]] = KnownItem(id: ID(try row.identifier(1)), reportIndex: row.integer(0))
    }
    return known
  }

  /// For each locator the first item there that the viewer may see.
  public func visibleItems(at digests: [LocatorDigest], for viewer: Viewer) throws -> [LocatorDigest: ID<Item>] {
    var keys = CellBatch(width: 3, reservingRows: digests.count, bytesPerRow: 48)
    for digest in digests {
      keys.identifier(Identifier(high: digest.high, low: digest.low))
      keys.identifier(viewer.agency.identifier)
      keys.identifier(viewer.agency.identifier)
    }
    var seen: [LocatorDigest: ID<Item>] = [:]
    try connection.forEachRow(
      """
      SELECT items.id FROM item_locators JOIN items ON items.row = item_locators.item
      WHERE item_locators.locator = ? AND \(Viewer.condition(on: "items")) ORDER BY items.row LIMIT 1
      """, parameters: keys
    ) { position, row in seen[digests[position]] = ID(try row.identifier(0)) }
    return seen
  }

  private func agencyRow(_ id: ID<Agency>) throws -> Int64? {
    try keys.find(id.identifier, in: "agencies", on: connection)
  }
}

extension WriteTransaction {
  /// Erases the personal parts of everything recorded about the item, and records that it was done.
  ///
  /// Returns nil when the viewer's agency owns no such item: that another shares one gives no right to
  /// erase it. What is kept: the facts, every leaf, every proof.
  public func erase(_ id: ID<Item>, basis: String, for viewer: Viewer) throws -> [Int64]? {
    guard let item = try reading.item(id, for: viewer), item.owner == viewer.agency else { return nil }
    let indexes = try connection.rows(
      "SELECT idx FROM journal WHERE subject = ? AND personal IS NOT NULL ORDER BY idx",
      [.identifier(id.identifier)]
    ) { $0.integer(0) }
    // Erased before, it is left as it is.
    guard !indexes.isEmpty || item.locator != nil else { return [] }
    try record(ItemErased(item: id, reportIndex: item.reportIndex, erased: indexes, basis: basis))
    for index in indexes {
      try connection.execute(
        "UPDATE journal SET personal = NULL, personal_salt = NULL WHERE idx = ?", [.integer(index)])
    }
    return indexes
  }
}
