public import Domain
import Storage

/// A second person's word on an assessment.
public struct ConfirmationDraft: Sendable, Hashable {
  public let item: ID<Item>
  /// The journal index of the assessment that was looked at.
  public let assessment: Int64
  public let agrees: Bool
  /// Wanted where the second person disagrees.
  public let reason: String?

  public init(item: ID<Item>, assessment: Int64, agrees: Bool, reason: String? = nil) {
    self.item = item
    self.assessment = assessment
    self.agrees = agrees
    self.reason = reason
  }
}

extension Desk {
  /// Confirms assessments or sends them back; never one's own, however many requests race.
  public func confirm(_ drafts: [ConfirmationDraft], as caller: Caller) async throws -> [WorkOutcome] {
    try await work(.confirmAssessments, on: drafts, as: caller, item: \.item) { draft, item, _ in
      guard var assessment = item.assessment else { throw Refusal.notNow("the item has not been assessed yet") }
      guard assessment.index == draft.assessment else { throw Refusal.stale("the item's assessment") }
      do throws(AssessmentFault) {
        if draft.agrees {
          try assessment.confirm(by: caller.user.id)
        } else {
          try assessment.sendBack(by: caller.user.id)
        }
      } catch {
        switch error {
        case .samePerson: throw Refusal.samePerson
        case .decided: throw Refusal.notNow("a second person has spoken on this assessment already")
        }
      }
      if draft.agrees {
        return [AssessmentConfirmed(item: item.id, reportIndex: item.reportIndex, assessment: assessment.index)]
      }
      guard draft.reason?.isEmpty == false else { throw Refusal.invalid("say in `reason` why you disagree") }
      return [
        AssessmentReturned(
          item: item.id, reportIndex: item.reportIndex, assessment: assessment.index, reason: draft.reason)
      ]
    }
  }
}
