/// A request that a provider review an item against its own terms (Regulation (EU) 2016/794, Article 4(1)(m)).
///
/// A referral asks; it never orders. The provider decides, and its answer is recorded whatever it is.
public struct Referral: Sendable, Hashable {
  public enum State: Sendable, Hashable {
    /// Made; leaves at its moment.
    case waiting
    /// The provider has it.
    case delivered(at: Instant)
    case answered(ProviderOutcome, deliveredAt: Instant)
    /// Taken back; a provider that had it is told.
    case retracted(wasDelivered: Bool)
  }

  public let id: ID<Referral>
  public let item: ID<Item>
  public let provider: ID<Provider>
  public private(set) var state: State

  public init(id: ID<Referral>, item: ID<Item>, provider: ID<Provider>, state: State) {
    self.id = id
    self.item = item
    self.provider = provider
    self.state = state
  }

  /// A new referral; both proofs must be of the same item.
  public init?(
    id: ID<Referral>, provider: ID<Provider>, assessment: ConfirmedAssessment, clearance: Clearance, at instant: Instant
  ) {
    guard assessment.item == clearance.item, clearance.validUntil > instant else { return nil }
    self.init(id: id, item: clearance.item, provider: provider, state: .waiting)
  }

  public mutating func deliver(at instant: Instant) throws(ReferralFault) {
    guard case .waiting = state else { throw .notWaiting }
    state = .delivered(at: instant)
  }

  /// Records what the provider did; its last word counts, the same word twice is nothing new.
  public mutating func answer(_ outcome: ProviderOutcome) throws(ReferralFault) {
    switch state {
    case .delivered(let instant): state = .answered(outcome, deliveredAt: instant)
    case .answered(let earlier, let instant):
      guard earlier != outcome else { throw .repeated }
      state = .answered(outcome, deliveredAt: instant)
    case .waiting: throw .notDelivered
    case .retracted: throw .retracted
    }
  }

  /// Takes it back, at any time.
  public mutating func retract() throws(ReferralFault) {
    switch state {
    case .waiting: state = .retracted(wasDelivered: false)
    case .delivered, .answered: state = .retracted(wasDelivered: true)
    case .retracted: throw .retracted
    }
  }
}

/// Why something can't happen to a referral now.
public enum ReferralFault: Error, Sendable, Hashable {
  case notWaiting
  case notDelivered
  case retracted
  /// The provider has said so before.
  case repeated
}

/// What a provider says that it did.
public enum ProviderOutcome: String, Sendable, Hashable, CaseIterable {
  case removed
  /// It is there, and nobody can reach it.
  case disabled
  case geoBlocked = "geo_blocked"
  case partly
  /// It stays up; with the provider's reason.
  case refused
  case notFound = "not_found"

  /// Whether the provider claims that the public can't reach it any more.
  public var claimsGone: Bool {
    switch self {
    case .removed, .disabled, .notFound: true
    case .geoBlocked, .partly, .refused: false
    }
  }
}

/// When a referral leaves.
public enum ReleaseMoment: Sendable, Hashable {
  case atOnce
  case at(Instant)
  /// Together with all others of the operation, at its H-hour.
  case hHour
}
