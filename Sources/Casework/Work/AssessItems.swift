public import Domain
import Storage

/// A person's finding about an item, as it is handed in.
public struct AssessmentDraft: Sendable, Hashable {
  public let item: ID<Item>
  public let decision: Assessment.Decision
  public let categories: [ContentCategory]
  public let factors: [AssessmentFactor]
  public let exemptions: ExemptionRecord
  /// Why: wanted for every purpose that applies.
  public let reasons: String?
  public let usedMachineHelp: Bool
  /// The journal index of the assessment that the form showed; nil where it showed none.
  public let replaces: Int64?

  public init(
    item: ID<Item>, decision: Assessment.Decision, categories: [ContentCategory], factors: [AssessmentFactor] = [],
    exemptions: ExemptionRecord, reasons: String?, usedMachineHelp: Bool = false, replaces: Int64? = nil
  ) {
    self.item = item
    self.decision = decision
    self.categories = categories
    self.factors = factors
    self.exemptions = exemptions
    self.reasons = reasons
    self.usedMachineHelp = usedMachineHelp
    self.replaces = replaces
  }
}

extension Desk {
  /// Records what a person found items to be; a second person has still to agree.
  public func assess(_ drafts: [AssessmentDraft], as caller: Caller) async throws -> [WorkOutcome] {
    try await work(.assessItems, on: drafts, as: caller, item: \.item) { draft, item, _ in
      try Self.check(draft, item)
      return [
        ItemAssessed(
          item: item.id, reportIndex: item.reportIndex, decision: draft.decision,
          categories: draft.categories.sorted(), factors: draft.factors.sorted(),
          exempt: draft.exemptions.applying.sorted(), usedMachineHelp: draft.usedMachineHelp, reasons: draft.reasons)
      ]
    }
  }

  private static func check(_ draft: AssessmentDraft, _ item: WorkItem) throws(Refusal) {
    if let assessment = item.assessment {
      guard draft.replaces == assessment.index else { throw .stale("the item's assessment") }
      if case .confirmed = assessment.state, item.hasReferral {
        throw .notNow("the item was referred on its assessment: retract the referral first")
      }
    } else if draft.replaces != nil {
      throw .stale("the item's assessment")
    }
    guard draft.exemptions.isComplete else {
      let open = draft.exemptions.open.map(\.rawValue).joined(separator: ", ")
      throw .invalid("every exemption needs a yes or a no (Article 1(3)); open are \(open)")
    }
    guard draft.exemptions.applying.isEmpty || draft.reasons?.isEmpty == false else {
      throw .invalid("say in `reasons` why the exemption applies")
    }
    guard draft.decision == .refer else { return }
    guard !draft.categories.isEmpty else {
      throw .invalid("an item that is to be referred needs a category of Article 2(7)")
    }
    guard draft.exemptions.applying.isEmpty else {
      throw .invalid("an exemption applies: the item can't be referred")
    }
  }
}
