/// A joint action: agencies working one list of items together.
public struct Operation: Sendable, Hashable {
  public let id: ID<Operation>
  public let agency: ID<Agency>
  public let name: String?
  public let openedAt: Instant
  /// The agreed moment at which its referrals leave together; nil while none is agreed.
  public let hHour: Instant?

  public init(id: ID<Operation>, agency: ID<Agency>, name: String?, openedAt: Instant, hHour: Instant?) {
    self.id = id
    self.agency = agency
    self.name = name
    self.openedAt = openedAt
    self.hHour = hHour
  }
}
