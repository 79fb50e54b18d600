import Domain

/// The rows of new items, gathered until they are written.
struct ReportRows {
  private struct Claim {
    let locator: LocatorDigest
    let owner: Int64
    let item: Int64
  }

  private var items = RowBatch(
    table: "items",
    columns: [
      "row", "id", "owner", "provider", "operation", "kind", "handling", "sharing", "locator",
      "first_reported_at", "last_sighted_at", "sightings",
    ])
  private var claims: [Claim] = []

  mutating func append(
    _ event: ItemReported, header: EventHeader, owner: Int64, provider: Int64, operation: Int64?
  ) {
    items.cells.integer(header.index)
    items.cells.identifier(event.item.identifier)
    items.cells.integer(owner)
    items.cells.integer(provider)
    items.cells.integer(operation)
    items.cells.text(event.kind.rawValue)
    items.cells.text(event.handling.rawValue)
    items.cells.text(event.sharing.rawValue)
    items.cells.text(utf8: event.locator)
    items.cells.instant(header.at)
    items.cells.instant(header.at)
    items.cells.integer(0)
    claims.append(Claim(locator: event.digest, owner: owner, item: header.index))
  }

  mutating func flush(to connection: any Connection) throws {
    guard !items.isEmpty else { return }
    try connection.insert(items)
    items.cells.removeAll()
    // Random keys in ascending order: neighbours share a page, and each page is visited once.
    claims.sort { $0.locator < $1.locator }
    var rows = RowBatch(
      table: "item_locators", columns: ["locator", "owner", "item"], reservingRows: claims.count, bytesPerRow: 16)
    for claim in claims {
      rows.cells.identifier(Identifier(high: claim.locator.high, low: claim.locator.low))
      rows.cells.integer(claim.owner)
      rows.cells.integer(claim.item)
    }
    claims.removeAll(keepingCapacity: true)
    try connection.insert(rows)
  }
}

/// What sightings add to items and imports, summed until it is written.
struct SightingCounts {
  private struct ItemSum {
    var count: Int64 = 0
    var last = Instant(microseconds: .min)
  }

  private struct ImportSum {
    var lastLine: Int64 = 0
    var itemsNew: Int64 = 0
    var sightings: Int64 = 0
  }

  private var items: [Int64: ItemSum] = [:]
  private var imports: [ID<Import>: ImportSum] = [:]

  mutating func addReport(_ event: ItemReported) {
    guard let source = event.source else { return }
    imports[source.importID, default: ImportSum()].itemsNew += 1
    advance(source)
  }

  mutating func add(_ event: ItemSighted, at instant: Instant) {
    items[event.reportIndex, default: ItemSum()].count += 1
    items[event.reportIndex]?.last = instant
    guard let source = event.source else { return }
    imports[source.importID, default: ImportSum()].sightings += 1
    advance(source)
  }

  private mutating func advance(_ source: ReportSource) {
    let last = imports[source.importID]?.lastLine ?? 0
    imports[source.importID]?.lastLine = max(last, source.line)
  }

  mutating func flush(to connection: any Connection) throws {
    for (row, sum) in items.sorted(by: { $0.key < $1.key }) {
      try connection.submit(
        "UPDATE items SET sightings = sightings + ?, last_sighted_at = ? WHERE row = ?",
        [.integer(sum.count), .instant(sum.last), .integer(row)])
    }
    for (id, sum) in imports.sorted(by: { $0.key < $1.key }) {
      try connection.submit(
        """
        UPDATE imports SET lines_done = ?, items_new = items_new + ?, sightings = sightings + ? WHERE id = ?
        """,
        [.integer(sum.lastLine), .integer(sum.itemsNew), .integer(sum.sightings), .identifier(id.identifier)])
    }
    items.removeAll(keepingCapacity: true)
    imports.removeAll(keepingCapacity: true)
  }
}
