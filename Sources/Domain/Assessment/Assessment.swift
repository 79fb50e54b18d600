/// A person's finding about an item, and what a second person made of it.
public struct Assessment: Sendable, Hashable {
  public enum Decision: String, Sendable, Hashable, CaseIterable {
    /// It is terrorist content, no exemption applies: ask the provider.
    case refer
    /// It is not, or an exemption applies: nothing is sent.
    case reject
  }

  public enum State: Sendable, Hashable {
    case awaitingSecondPerson
    case confirmed(by: ID<User>)
    /// The second person disagreed; the item is to be assessed anew.
    case returned(by: ID<User>)
  }

  /// The journal index of `item.assessed`; a form that names an older one is stale.
  public let index: Int64
  public let item: ID<Item>
  public let decision: Decision
  public let categories: [ContentCategory]
  public let assessor: ID<User>
  public private(set) var state: State

  public init(
    index: Int64, item: ID<Item>, decision: Decision, categories: [ContentCategory], assessor: ID<User>, state: State
  ) {
    self.index = index
    self.item = item
    self.decision = decision
    self.categories = categories
    self.assessor = assessor
    self.state = state
  }

  /// A second person agrees; throws where it is the first person, or where one has spoken already.
  public mutating func confirm(by user: ID<User>) throws(AssessmentFault) {
    try admit(user)
    state = .confirmed(by: user)
  }

  /// A second person disagrees.
  public mutating func sendBack(by user: ID<User>) throws(AssessmentFault) {
    try admit(user)
    state = .returned(by: user)
  }

  private func admit(_ user: ID<User>) throws(AssessmentFault) {
    guard user != assessor else { throw .samePerson }
    guard case .awaitingSecondPerson = state else { throw .decided }
  }
}

/// Why a second person's word does not count.
public enum AssessmentFault: Error, Sendable, Hashable {
  case samePerson
  /// Somebody has confirmed it or sent it back before.
  case decided
}

/// That two people found an item to be referable: without it nothing is cleared or sent.
public struct ConfirmedAssessment: Sendable, Hashable {
  public let item: ID<Item>
  /// The journal index of the confirmed `item.assessed`.
  public let index: Int64
  public let categories: [ContentCategory]

  /// Nil unless the assessment says so and a second person has confirmed it.
  public init?(_ assessment: Assessment) {
    guard assessment.decision == .refer, case .confirmed = assessment.state else { return nil }
    item = assessment.item
    index = assessment.index
    categories = assessment.categories
  }
}
