public import Casework
import Domain
public import Wire

/// A use case that decides about items, as the API and the command line ask for it.
public protocol WorkStep {
  associatedtype Entry: WorkEntry

  /// Decides about each entry, all in one commit.
  static func run(_ entries: [Entry], on desk: Desk, as caller: Caller) async throws -> [WorkOutcome]
}

public enum Assess: WorkStep {
  public static func run(
    _ entries: [AssessmentEntry], on desk: Desk, as caller: Caller
  ) async throws -> [WorkOutcome] {
    try await desk.assess(
      entries.map {
        AssessmentDraft(
          item: $0.item, decision: $0.decision, categories: $0.categories, factors: $0.factors,
          exemptions: $0.exemptions, reasons: $0.reasons, usedMachineHelp: $0.usedMachineHelp, replaces: $0.replaces)
      }, as: caller)
  }
}

public enum Confirm: WorkStep {
  public static func run(
    _ entries: [ConfirmationEntry], on desk: Desk, as caller: Caller
  ) async throws -> [WorkOutcome] {
    try await desk.confirm(
      entries.map {
        ConfirmationDraft(item: $0.item, assessment: $0.assessment, agrees: $0.agrees, reason: $0.reason)
      }, as: caller)
  }
}

public enum Deconflict: WorkStep {
  public static func run(
    _ entries: [DeconflictionEntry], on desk: Desk, as caller: Caller
  ) async throws -> [WorkOutcome] {
    let items = entries.map(\.item)
    // One commit can't do both.
    guard entries.contains(where: \.clear) else { return try await desk.deconflict(items, as: caller) }
    guard entries.allSatisfy(\.clear) else { throw Refusal.invalid("`clear` is the same for all items of a request") }
    return try await desk.deconflictAndClear(items, as: caller)
  }
}

public enum Clear: WorkStep {
  public static func run(_ entries: [ClearanceEntry], on desk: Desk, as caller: Caller) async throws -> [WorkOutcome] {
    try await desk.clear(entries.map(\.item), as: caller)
  }
}

public enum OverrideHold: WorkStep {
  public static func run(_ entries: [OverrideEntry], on desk: Desk, as caller: Caller) async throws -> [WorkOutcome] {
    try await desk.overrideHolds(
      entries.map { OverrideDraft(item: $0.item, hold: $0.hold, reason: $0.reason) }, as: caller)
  }
}

public enum Refer: WorkStep {
  public static func run(_ entries: [ReferralEntry], on desk: Desk, as caller: Caller) async throws -> [WorkOutcome] {
    try await desk.refer(
      entries.map { ReferralDraft(item: $0.item, release: $0.release, clause: $0.clause) }, as: caller)
  }
}

public enum Retract: WorkStep {
  public static func run(
    _ entries: [RetractionEntry], on desk: Desk, as caller: Caller
  ) async throws -> [WorkOutcome] {
    try await desk.retract(entries.map { RetractionDraft(item: $0.item, reason: $0.reason) }, as: caller)
  }
}

public enum Relate: WorkStep {
  public static func run(_ entries: [RelationEntry], on desk: Desk, as caller: Caller) async throws -> [WorkOutcome] {
    try await desk.relate(
      entries.map { RelationDraft(item: $0.item, relation: $0.relation, original: $0.original) }, as: caller)
  }
}
