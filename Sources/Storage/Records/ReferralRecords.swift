public import Domain

/// A referral that is to leave, or to be taken back, with what the message needs.
public struct OutboundReferral: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case referral, retraction
  }

  public let kind: Kind
  public let id: ID<Referral>
  public let item: ID<Item>
  public let reportIndex: Int64
  public let provider: ID<Provider>
  /// The provider's pack; nil where none describes it.
  public let pack: String?
  /// Nil once it was erased: then there is nothing that could be sent.
  public let locator: String?
  public let categories: [ContentCategory]
  public let clause: String?
  /// The name of the unit that owns the item.
  public let originator: String?
}

/// A delivered referral as a provider's answer finds it.
public struct AnsweredReferral: Sendable, Hashable {
  public let referral: Referral
  public let reportIndex: Int64

  public init(referral: Referral, reportIndex: Int64) {
    self.referral = referral
    self.reportIndex = reportIndex
  }
}

extension ReadTransaction {
  private static let outboundSelect = """
    SELECT referrals.id, items.id, items.row, providers.id, providers.pack, items.locator, referrals.categories,
      referrals.clause, agencies.name
    FROM referrals JOIN items ON items.row = referrals.item JOIN providers ON providers.row = referrals.provider
      JOIN agencies ON agencies.row = items.owner
    """
  private static let isWaiting = "delivered_idx IS NULL AND refused_idx IS NULL AND retracted_idx IS NULL"
  /// A hold that was placed while the referral waited keeps it back; the instant is to be bound.
  private static let isNotHeld = """
    NOT EXISTS (SELECT 1 FROM deconflictions WHERE deconflictions.item = referrals.item
      AND hold_idx IS NOT NULL AND lifted_idx IS NULL AND held_until > ?)
    """

  /// Providers for whom something waits that is due at this instant.
  public func providersWithOutbound(at instant: Instant) throws -> [ID<Provider>] {
    try connection.rows(
      """
      SELECT id FROM providers WHERE row IN (
        SELECT referrals.provider FROM referrals JOIN items ON items.row = referrals.item
          LEFT JOIN operations ON operations.row = referrals.operation
        WHERE \(Self.isWaiting) AND coalesce(due_at, operations.h_hour) <= ? AND \(Self.isNotHeld)
          AND items.locator IS NOT NULL
        UNION SELECT provider FROM referrals WHERE must_recall = 1 AND recalled_idx IS NULL)
      ORDER BY id
      """, [.instant(instant), .instant(instant)]
    ) { ID(try $0.identifier(0)) }
  }

  /// What is due for a provider, in the order in which it was made; of an erased item there is nothing to send.
  public func outbound(to provider: ID<Provider>, at instant: Instant, limit: Int) throws -> [OutboundReferral] {
    try connection.rows(
      """
      \(Self.outboundSelect) LEFT JOIN operations ON operations.row = referrals.operation
      WHERE providers.id = ? AND \(Self.isWaiting) AND coalesce(due_at, operations.h_hour) <= ?
        AND \(Self.isNotHeld) AND items.locator IS NOT NULL
      ORDER BY referrals.row LIMIT \(limit)
      """, [.identifier(provider.identifier), .instant(instant), .instant(instant)]
    ) { try Self.outbound($0, .referral) }
  }

  /// Retractions that a provider has still to be told.
  public func recalls(to provider: ID<Provider>, limit: Int) throws -> [OutboundReferral] {
    try connection.rows(
      """
      \(Self.outboundSelect) WHERE providers.id = ? AND must_recall = 1 AND recalled_idx IS NULL
      ORDER BY referrals.row LIMIT \(limit)
      """, [.identifier(provider.identifier)]
    ) { try Self.outbound($0, .retraction) }
  }

  /// When the next referral that has a moment leaves: at it, or when its hold ends.
  public func nextReferralDue() throws -> Instant? {
    try connection.first(
      """
      SELECT min(CASE WHEN hold_idx IS NOT NULL AND lifted_idx IS NULL
          AND held_until > coalesce(due_at, operations.h_hour)
        THEN held_until ELSE coalesce(due_at, operations.h_hour) END)
      FROM referrals JOIN items ON items.row = referrals.item
        LEFT JOIN operations ON operations.row = referrals.operation
        LEFT JOIN deconflictions ON deconflictions.item = referrals.item
      WHERE \(Self.isWaiting) AND items.locator IS NOT NULL
      """
    ) { $0.isNull(0) ? nil : $0.instant(0) } ?? nil
  }

  private static func outbound(_ row: any Row, _ kind: OutboundReferral.Kind) throws -> OutboundReferral {
    OutboundReferral(
      kind: kind, id: ID(try row.identifier(0)), item: ID(try row.identifier(1)), reportIndex: row.integer(2),
      provider: ID(try row.identifier(3)), pack: row.optionalText(4), locator: row.optionalText(5),
      categories: try CodeList.codes(row.text(6)), clause: row.optionalText(7), originator: row.optionalText(8))
  }

  /// The referrals of these identifiers that were made to this provider.
  public func referrals(
    _ ids: [ID<Referral>], to provider: ID<Provider>
  ) throws -> [ID<Referral>: AnsweredReferral] {
    var keys = CellBatch(width: 2, reservingRows: ids.count, bytesPerRow: 32)
    for id in ids {
      keys.identifier(id.identifier)
      keys.identifier(provider.identifier)
    }
    var found: [ID<Referral>: AnsweredReferral] = [:]
    try connection.forEachRow(
      """
      SELECT items.id, items.row, referrals.delivered_at, referrals.outcome, referrals.retracted_idx
      FROM referrals JOIN items ON items.row = referrals.item JOIN providers ON providers.row = referrals.provider
      WHERE referrals.id = ? AND providers.id = ?
      """, parameters: keys
    ) { position, row in
      let deliveredAt = row.isNull(2) ? nil : row.instant(2)
      let outcome = row.optionalText(3).flatMap { ProviderOutcome(rawValue: $0) }
      var state = Referral.State.waiting
      if let deliveredAt {
        state = outcome.map { .answered($0, deliveredAt: deliveredAt) } ?? .delivered(at: deliveredAt)
      }
      if !row.isNull(4) { state = .retracted(wasDelivered: deliveredAt != nil) }
      let referral = Referral(
        id: ids[position], item: ID(try row.identifier(0)), provider: provider, state: state)
      found[ids[position]] = AnsweredReferral(referral: referral, reportIndex: row.integer(1))
    }
    return found
  }

  /// For whom a user answers; nil where the user is no provider's desk.
  public func provider(ofDesk user: ID<User>) throws -> ID<Provider>? {
    try connection.first(
      """
      SELECT providers.id FROM provider_desks JOIN users ON users.row = provider_desks.user_row
        JOIN providers ON providers.row = provider_desks.provider WHERE users.id = ?
      """, [.identifier(user.identifier)]
    ) { ID(try $0.identifier(0)) }
  }

  public func provider(_ id: ID<Provider>) throws -> Provider? {
    try connection.first(
      "SELECT id, pack, name, registered_at FROM providers WHERE id = ?", [.identifier(id.identifier)], Self.provider)
  }

  private static func provider(_ row: any Row) throws -> Provider {
    Provider(
      id: ID(try row.identifier(0)), pack: row.optionalText(1), name: row.optionalText(2),
      registeredAt: row.instant(3))
  }

  /// The provider that a pack describes, once something of it is on record.
  public func provider(pack: String) throws -> Provider? {
    try connection.first(
      "SELECT id, pack, name, registered_at FROM providers WHERE pack = ?", [.text(pack)], Self.provider)
  }
}
