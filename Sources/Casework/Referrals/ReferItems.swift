public import Domain
import Storage

/// That an item is to be referred to its provider.
public struct ReferralDraft: Sendable, Hashable {
  public let item: ID<Item>
  public let release: ReleaseMoment
  /// The clause of the provider's terms that is said to be broken.
  public let clause: String?

  public init(item: ID<Item>, release: ReleaseMoment = .atOnce, clause: String? = nil) {
    self.item = item
    self.release = release
    self.clause = clause
  }
}

extension Desk {
  /// Makes referrals; they leave at their moment. State, journal and outbox are one commit.
  public func refer(_ drafts: [ReferralDraft], as caller: Caller) async throws -> [WorkOutcome] {
    try await work(.referItems, on: drafts, as: caller, item: \.item) { draft, item, tx in
      try Self.checkEarlier(item)
      guard let assessment = item.confirmedAssessment else {
        throw Refusal.notNow("two people have to find the item referable first")
      }
      if item.deconfliction?.isHeld(at: tx.now) == true {
        throw Refusal.notNow("an investigation asks to wait for this item")
      }
      // Read in this transaction: a hold that was placed a moment ago counts.
      guard let clearance = item.clearance(at: tx.now) else {
        throw Refusal.notNow("the item has to be deconflicted and cleared first")
      }
      if let check = item.deconfliction { try requireCurrent(check, of: item, tx) }
      guard item.locator != nil else { throw Refusal.notNow("the item's address was erased") }
      if draft.release == .hHour, item.operation == nil {
        throw Refusal.invalid("only an operation has an H-hour, and the item belongs to none")
      }
      guard
        let referral = Referral(
          id: ID(tx.makeIdentifier()), provider: item.provider, assessment: assessment, clearance: clearance, at: tx.now
        )
      else { throw Refusal.notNow("the clearance has run out: deconflict the item again") }
      return [
        ItemReferred(
          item: item.id, reportIndex: item.reportIndex, referral: referral.id, provider: referral.provider,
          operation: item.operation, assessment: assessment.index, clearance: clearance.index,
          categories: assessment.categories, dueAt: draft.release.instant(at: tx.now), clause: draft.clause)
      ]
    }
  }

  /// A second referral of an item needs a reason: the first was retracted, refused, or the item came back.
  private static func checkEarlier(_ item: WorkItem) throws(Refusal) {
    switch item.referral?.state {
    case nil, .retracted?, .answered(.refused, _)?: return
    case .waiting?: throw .notNow("a referral of this item is on its way")
    case .delivered?, .answered?:
      guard item.hasReappeared else { throw .notNow("the provider has a referral of this item") }
    }
  }
}

extension ReleaseMoment {
  /// When a referral leaves; nil where that is its operation's H-hour.
  func instant(at now: Instant) -> Instant? {
    switch self {
    case .atOnce: now
    case .at(let instant): max(instant, now)
    case .hHour: nil
    }
  }
}
