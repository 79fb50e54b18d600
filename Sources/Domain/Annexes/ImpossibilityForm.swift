/// Why a provider can't carry an order out: Annex III of Regulation (EU) 2021/784.
public struct ImpossibilityForm: Sendable, Hashable {
  /// Section B(1).
  public enum Ground: String, Sendable, Hashable, CaseIterable {
    /// Force majeure, or de facto impossibility not attributable to the provider (Article 3(7)).
    case impossible
    /// Manifest errors in the order (Article 3(8)).
    case manifestErrors = "manifest_errors"
    /// Too little information to carry it out (Article 3(8)).
    case insufficientInformation = "insufficient_information"
  }

  public var language: String
  public var addressee: String
  public var authority: String
  /// The authority's reference of the order.
  public var orderReference: String
  public var addresseeReference: String?
  public var receivedAt: Instant
  public var ground: Ground
  public var explanation: String
  /// What is wrong or missing, and what is needed; for the two grounds of Article 3(8).
  public var needed: String?
  public var provider: String
  public var authorisedPerson: String
  public var email: String
  public var signedAt: Instant

  public init(
    language: String, addressee: String, authority: String, orderReference: String, addresseeReference: String? = nil,
    receivedAt: Instant, ground: Ground, explanation: String, needed: String? = nil, provider: String,
    authorisedPerson: String, email: String, signedAt: Instant
  ) {
    self.language = language
    self.addressee = addressee
    self.authority = authority
    self.orderReference = orderReference
    self.addresseeReference = addresseeReference
    self.receivedAt = receivedAt
    self.ground = ground
    self.explanation = explanation
    self.needed = needed
    self.provider = provider
    self.authorisedPerson = authorisedPerson
    self.email = email
    self.signedAt = signedAt
  }
}
