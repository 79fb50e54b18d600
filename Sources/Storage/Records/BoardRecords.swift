public import Domain

/// The figures of an operation, or of one provider in it.
public struct Figures: Sendable, Hashable {
  public private(set) var counts: [Figure: Int64] = [:]
  /// Reports, those of known items included.
  public var reports: Int64 = 0
  public var looks: Int64 = 0

  public init() {}

  public subscript(figure: Figure) -> Int64 {
    get { counts[figure] ?? 0 }
    set { counts[figure] = newValue }
  }

  public static func + (lhs: Figures, rhs: Figures) -> Figures {
    var sum = lhs
    for figure in Figure.allCases { sum[figure] += rhs[figure] }
    sum.reports += rhs.reports
    sum.looks += rhs.looks
    return sum
  }
}

/// A provider's part in an operation.
public struct ProviderFigures: Sendable, Hashable {
  public let provider: Provider
  public let figures: Figures
}

/// How long a provider took, in seconds from delivery; each list ascending.
public struct ProviderTimes: Sendable, Hashable {
  public var toAnswer: [Int64] = []
  /// To the first look that found it gone: it went no later than that.
  public var toSeenGone: [Int64] = []

  public init() {}
}

extension ReadTransaction {
  /// The figures of an operation by provider, of the items that the viewer may see.
  public func figures(of operation: ID<Operation>, for viewer: Viewer) throws -> [ProviderFigures] {
    let columns = Figure.allCases.map { "count(\($0.index))" }.joined(separator: ", ")
    let visible = viewer.condition(on: "items")
    return try connection.rows(
      """
      SELECT providers.id, providers.pack, providers.name, providers.registered_at, counted.* FROM (
        SELECT items.provider AS provider, sum(1 + items.sightings), sum(watches.earlier_looks + watches.looks), \(columns)
        \(Figure.source)
        WHERE items.operation = (SELECT row FROM operations WHERE id = ?) AND \(visible.sql)
        GROUP BY items.provider) AS counted
      JOIN providers ON providers.row = counted.provider ORDER BY providers.row
      """, [.identifier(operation.identifier)] + visible.values
    ) { row in
      var figures = Figures()
      figures.reports = row.integer(5)
      figures.looks = row.integer(6)
      for (position, figure) in Figure.allCases.enumerated() { figures[figure] = row.integer(7 + position) }
      return ProviderFigures(
        provider: Provider(
          id: ID(try row.identifier(0)), pack: row.optionalText(1), name: row.optionalText(2),
          registeredAt: row.instant(3)), figures: figures)
    }
  }

  /// The journal indexes behind a figure, ascending.
  public func entries(
    behind figure: Figure, of operation: ID<Operation>, provider: ID<Provider>?, _ page: Page, for viewer: Viewer
  ) throws -> [Int64] {
    let visible = viewer.condition(on: "items")
    return try connection.rows(
      """
      SELECT entry FROM (
        SELECT \(figure.index) AS entry \(Figure.source)
        WHERE items.operation = (SELECT row FROM operations WHERE id = ?)
          AND (? = 0 OR items.provider = (SELECT row FROM providers WHERE id = ?)) AND \(visible.sql)) AS entries
      WHERE entry > ? ORDER BY entry LIMIT \(page.limit)
      """,
      [
        .identifier(operation.identifier), .isGiven(provider), .optional(provider?.identifier),
      ] + visible.values + [.integer(page.after)]
    ) { $0.integer(0) }
  }

  /// The journal indexes behind every figure, each list ascending.
  public func allEntries(of operation: ID<Operation>, for viewer: Viewer) throws -> [Figure: [Int64]] {
    let columns = Figure.allCases.map(\.index).joined(separator: ", ")
    let visible = viewer.condition(on: "items")
    var entries: [Figure: [Int64]] = [:]
    try connection.forEachRow(
      """
      SELECT \(columns) \(Figure.source)
      WHERE items.operation = (SELECT row FROM operations WHERE id = ?) AND \(visible.sql)
      """, [.identifier(operation.identifier)] + visible.values
    ) { row in
      for (position, figure) in Figure.allCases.enumerated() {
        if let entry = row.optionalInteger(position) { entries[figure, default: []].append(entry) }
      }
    }
    return entries.mapValues { $0.sorted() }
  }

  /// The strictest handling code of an operation's items: it is that of everything that is made of them.
  public func strictestHandling(of operation: ID<Operation>, for viewer: Viewer) throws -> HandlingCode? {
    let visible = viewer.condition(on: "items")
    return try connection.first(
      """
      SELECT max(items.handling) FROM items
      WHERE items.operation = (SELECT row FROM operations WHERE id = ?) AND \(visible.sql)
      """, [.identifier(operation.identifier)] + visible.values
    ) { $0.optionalText(0).flatMap { HandlingCode(rawValue: $0) } } ?? nil
  }

  /// How many different addresses an operation has, whoever reported them.
  public func distinctLocators(of operation: ID<Operation>) throws -> Int64 {
    try connection.first(
      """
      SELECT count(DISTINCT item_locators.locator) FROM items JOIN item_locators ON item_locators.item = items.row
      WHERE items.operation = (SELECT row FROM operations WHERE id = ?)
      """, [.identifier(operation.identifier)]
    ) { $0.integer(0) } ?? 0
  }

  /// Times of every provider, of the items that the viewer may see.
  public func providerTimes(of operation: ID<Operation>?, for viewer: Viewer) throws -> [ID<Provider>: ProviderTimes] {
    let visible = viewer.condition(on: "items")
    var times: [ID<Provider>: ProviderTimes] = [:]
    try connection.forEachRow(
      """
      SELECT providers.id, referrals.answered_at - referrals.delivered_at, watches.first_gone_at - referrals.delivered_at
      FROM referrals JOIN items ON items.row = referrals.item JOIN providers ON providers.row = referrals.provider
        LEFT JOIN watches ON watches.item = referrals.item
      WHERE referrals.delivered_at IS NOT NULL
        AND (? = 0 OR referrals.operation = (SELECT row FROM operations WHERE id = ?)) AND \(visible.sql)
      """, [.isGiven(operation), .optional(operation?.identifier)] + visible.values
    ) { row in
      let provider = ID<Provider>(try row.identifier(0))
      if let answer = row.optionalInteger(1) {
        times[provider, default: ProviderTimes()].toAnswer.append(answer / 1_000_000)
      }
      if let gone = row.optionalInteger(2), gone >= 0 {
        times[provider, default: ProviderTimes()].toSeenGone.append(gone / 1_000_000)
      }
    }
    for provider in times.keys {
      times[provider]?.toAnswer.sort()
      times[provider]?.toSeenGone.sort()
    }
    return times
  }
}
