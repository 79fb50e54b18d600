@_spi(Rehydrate) import Domain
import Testing

@Suite("Referrals") struct ReferralTests {
  private static let item = ID<Item>(EventSample.id(11))
  private static let noon = Instant(microseconds: 43_200_000_000)
  private static let later = Instant(microseconds: 43_200_000_001)

  enum Act: CaseIterable, Sendable {
    case deliver, answer, answerOtherwise, retract
  }

  private static let states: [Referral.State] = [
    .waiting, .delivered(at: noon), .answered(.removed, deliveredAt: noon), .retracted(wasDelivered: false),
    .retracted(wasDelivered: true),
  ]

  /// What each act does in each state, in the order of ``states``.
  private static let outcomes: [Act: [Result<Referral.State, ReferralFault>]] = [
    .deliver: [
      .success(.delivered(at: later)), .failure(.notWaiting), .failure(.notWaiting), .failure(.notWaiting),
      .failure(.notWaiting),
    ],
    .answer: [
      .failure(.notDelivered), .success(.answered(.removed, deliveredAt: noon)), .failure(.repeated),
      .failure(.retracted), .failure(.retracted),
    ],
    .answerOtherwise: [
      .failure(.notDelivered), .success(.answered(.refused, deliveredAt: noon)),
      .success(.answered(.refused, deliveredAt: noon)), .failure(.retracted), .failure(.retracted),
    ],
    .retract: [
      .success(.retracted(wasDelivered: false)), .success(.retracted(wasDelivered: true)),
      .success(.retracted(wasDelivered: true)), .failure(.retracted), .failure(.retracted),
    ],
  ]

  @Test("each act is taken or refused as its state says", arguments: Act.allCases, 0..<states.count)
  func machine(act: Act, number: Int) throws {
    let before = Referral(
      id: ID(EventSample.id(12)), item: Self.item, provider: ID(EventSample.id(8)), state: Self.states[number])
    var referral = before
    let result = Result { () throws(ReferralFault) -> Referral.State in
      switch act {
      case .deliver: try referral.deliver(at: Self.later)
      case .answer: try referral.answer(.removed)
      case .answerOtherwise: try referral.answer(.refused)
      case .retract: try referral.retract()
      }
      return referral.state
    }
    #expect(result == Self.outcomes[act]?[number])
    if case .failure = result { #expect(referral == before) }
  }

  private func proofs(item: ID<Item> = item) throws -> (ConfirmedAssessment, Clearance) {
    let assessment = Assessment(
      index: 21, item: Self.item, decision: .refer, categories: [.threat], assessor: ID(EventSample.id(4)),
      state: .confirmed(by: ID(EventSample.id(5))))
    return (
      try #require(ConfirmedAssessment(assessment)), Clearance(item: item, index: 24, validUntil: Self.noon)
    )
  }

  @Test("a referral is made of two proofs of one item, while the clearance is valid")
  func making() throws {
    let (id, provider) = (ID<Referral>(EventSample.id(12)), ID<Provider>(EventSample.id(8)))
    let (assessment, clearance) = try proofs()
    let before = Instant(microseconds: Self.noon.microseconds - 1)
    let made = Referral(id: id, provider: provider, assessment: assessment, clearance: clearance, at: before)
    #expect(made?.state == .waiting && made?.item == Self.item && made?.provider == provider)
    #expect(Referral(id: id, provider: provider, assessment: assessment, clearance: clearance, at: Self.noon) == nil)
    let foreign = try proofs(item: ID(EventSample.id(99))).1
    #expect(Referral(id: id, provider: provider, assessment: assessment, clearance: foreign, at: before) == nil)
  }

  @Test("removed, disabled and not found claim that it is gone; nothing else does")
  func claims() {
    #expect(ProviderOutcome.allCases.filter(\.claimsGone) == [.removed, .disabled, .notFound])
  }
}
