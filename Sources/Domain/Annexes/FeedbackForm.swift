/// What a provider did after a removal order: Annex II of Regulation (EU) 2021/784.
public struct FeedbackForm: Sendable, Hashable {
  /// Section B.
  public enum Measure: String, Sendable, Hashable, CaseIterable {
    case removed
    /// Access is disabled in all Member States.
    case disabled
  }

  public var language: String
  public var addressee: String
  public var authority: String
  /// The authority's reference of the order.
  public var orderReference: String
  public var addresseeReference: String?
  /// When the order was received.
  public var receivedAt: Instant
  public var measure: Measure
  /// When the measure took effect.
  public var takenAt: Instant
  /// The provider, or its representative.
  public var provider: String
  /// The Member State of the main establishment or of the representative.
  public var state: String
  public var authorisedPerson: String
  public var email: String
  public var signedAt: Instant

  public init(
    language: String, addressee: String, authority: String, orderReference: String, addresseeReference: String? = nil,
    receivedAt: Instant, measure: Measure, takenAt: Instant, provider: String, state: String, authorisedPerson: String,
    email: String, signedAt: Instant
  ) {
    self.language = language
    self.addressee = addressee
    self.authority = authority
    self.orderReference = orderReference
    self.addresseeReference = addresseeReference
    self.receivedAt = receivedAt
    self.measure = measure
    self.takenAt = takenAt
    self.provider = provider
    self.state = state
    self.authorisedPerson = authorisedPerson
    self.email = email
    self.signedAt = signedAt
  }
}
