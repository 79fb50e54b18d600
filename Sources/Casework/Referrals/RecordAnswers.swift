public import Domain
import Storage

/// What a provider says that it did with a referral.
public struct ProviderAnswer: Sendable, Hashable {
  /// The key as the provider sent it.
  public let idempotencyKey: String
  public let outcome: ProviderOutcome
  public let reason: String?
  public let reference: String?
  public let decidedAt: Instant

  public init(
    idempotencyKey: String, outcome: ProviderOutcome, reason: String?, reference: String?, decidedAt: Instant
  ) {
    self.idempotencyKey = idempotencyKey
    self.outcome = outcome
    self.reason = reason
    self.reference = reference
    self.decidedAt = decidedAt
  }
}

/// What became of an answer.
public enum AnswerOutcome: String, Sendable, Hashable, CaseIterable {
  case recorded
  /// The provider has said so before; nothing changed.
  case repeated
  /// No referral of this key was made to this provider.
  case unknown
  /// The referral has not reached the provider, or was taken back.
  case unexpected
}

extension Desk {
  /// Records what a provider answers; only what was sent to it exists for it.
  public func recordAnswers(_ answers: [ProviderAnswer], as caller: Caller) async throws -> [AnswerOutcome] {
    try caller.require(.answerReferrals)
    return try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.answerReferrals, in: tx.reading, at: tx.now)
      guard let provider = try tx.reading.provider(ofDesk: caller.user.id) else {
        throw Refusal.notNow("an administrator has to connect you to your provider first")
      }
      return try tx.record(answers, of: provider)
    }
  }
}

extension WriteTransaction {
  /// Records answers in their order; what was answered before, or is not this provider's, leaves no trace.
  func record(_ answers: [ProviderAnswer], of provider: ID<Provider>) throws -> [AnswerOutcome] {
    let ids = answers.map { ID<Referral>($0.idempotencyKey) }
    var known = try reading.referrals(ids.compactMap(\.self), to: provider)
    var sealed: [SealedEvent] = []
    let outcomes = zip(answers, ids).map { answer, id -> AnswerOutcome in
      guard let id, let found = known[id] else { return .unknown }
      var referral = found.referral
      do throws(ReferralFault) { try referral.answer(answer.outcome) } catch {
        switch error {
        case .repeated: return .repeated
        case .notDelivered, .notWaiting, .retracted: return .unexpected
        }
      }
      known[id] = AnsweredReferral(referral: referral, reportIndex: found.reportIndex)
      sealed.append(
        seal(
          ReferralAnswered(
            item: referral.item, reportIndex: found.reportIndex, referral: id, outcome: answer.outcome,
            decidedAt: answer.decidedAt, reason: answer.reason, reference: answer.reference)))
      return .recorded
    }
    try record(sealed)
    return outcomes
  }
}
