public import Domain
import Storage

/// That an item's referral is taken back.
public struct RetractionDraft: Sendable, Hashable {
  public let item: ID<Item>
  /// Told to the provider.
  public let reason: String

  public init(item: ID<Item>, reason: String) {
    self.item = item
    self.reason = reason
  }
}

extension Desk {
  /// Takes referrals back in one step: those that wait do not leave, and whoever has one is told.
  public func retract(_ drafts: [RetractionDraft], as caller: Caller) async throws -> [WorkOutcome] {
    try await work(.retractReferrals, on: drafts, as: caller, item: \.item) { draft, item, _ in
      guard !draft.reason.isEmpty else { throw Refusal.invalid("say in `reason` why the referral is retracted") }
      guard var referral = item.referral else { throw Refusal.notNow("the item was not referred") }
      do throws(ReferralFault) { try referral.retract() } catch {
        throw Refusal.notNow("the referral was retracted before")
      }
      guard case .retracted(let wasDelivered) = referral.state else {
        throw Refusal.notNow("the referral was retracted before")
      }
      return [
        ReferralRetracted(
          item: item.id, reportIndex: item.reportIndex, referral: referral.id, wasDelivered: wasDelivered,
          reason: draft.reason)
      ]
    }
  }
}
