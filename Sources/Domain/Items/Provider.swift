/// A hosting service: one that a provider pack describes, or a registrable domain that a person has still to complete.
public struct Provider: Sendable, Hashable {
  public let id: ID<Provider>
  /// The pack that describes it; nil while no pack does.
  public let pack: String?
  /// The pack's name or the registrable domain; nil once it was erased.
  public let name: String?
  public let registeredAt: Instant

  public init(id: ID<Provider>, pack: String?, name: String?, registeredAt: Instant) {
    self.id = id
    self.pack = pack
    self.name = name
    self.registeredAt = registeredAt
  }
}
