import Casework
import Domain
import Hummingbird

/// What the forms of an item's page do.
enum ItemActions {
  @Sendable static func assess(_ visit: Visit) async throws -> Response {
    let item: ID<Item> = try visit.id(of: "item")
    switch AssessmentAnswers.read(visit.form, visit.words) {
    case .failure(let found): return try await ItemPage.again(visit, step: .assess, faults: found.faults)
    case .success(let answers):
      return try await finish(visit, .assess) {
        try await visit.desk.assess([answers.draft(for: item, replaces: stamp(visit))], as: visit.caller)
      }
    }
  }

  @Sendable static func confirm(_ visit: Visit) async throws -> Response {
    let item: ID<Item> = try visit.id(of: "item")
    let agrees = visit.form["agrees"] == "yes"
    let reason = visit.form.text("reason")
    if !agrees, reason == nil {
      return try await ItemPage.again(
        visit, step: .confirm, faults: [FieldFault(field: "reason", text: visit.words("confirm.fault.reason"))])
    }
    return try await finish(visit, .confirm) {
      try await visit.desk.confirm(
        [ConfirmationDraft(item: item, assessment: stamp(visit) ?? -1, agrees: agrees, reason: reason)],
        as: visit.caller)
    }
  }

  @Sendable static func deconflict(_ visit: Visit) async throws -> Response {
    let item: ID<Item> = try visit.id(of: "item")
    return try await finish(visit, .deconflict) {
      visit.form["clearing"] == "yes"
        ? try await visit.desk.deconflictAndClear([item], as: visit.caller)
        : try await visit.desk.deconflict([item], as: visit.caller)
    }
  }

  @Sendable static func clear(_ visit: Visit) async throws -> Response {
    let item: ID<Item> = try visit.id(of: "item")
    return try await finish(visit, .clear) { try await visit.desk.clear([item], as: visit.caller) }
  }

  @Sendable static func override(_ visit: Visit) async throws -> Response {
    let item: ID<Item> = try visit.id(of: "item")
    guard let reason = visit.form.text("override_reason") else {
      return try await needsReason(visit, .overrideHold, field: "override_reason")
    }
    return try await finish(visit, .overrideHold) {
      try await visit.desk.overrideHolds(
        [OverrideDraft(item: item, hold: stamp(visit) ?? -1, reason: reason)], as: visit.caller)
    }
  }

  @Sendable static func refer(_ visit: Visit) async throws -> Response {
    let item: ID<Item> = try visit.id(of: "item")
    return try await finish(visit, .refer) {
      try await visit.desk.refer(
        [ReferralDraft(item: item, release: ReleaseFields.read(visit.form), clause: visit.form.text("clause"))],
        as: visit.caller)
    }
  }

  @Sendable static func retract(_ visit: Visit) async throws -> Response {
    let item: ID<Item> = try visit.id(of: "item")
    guard let reason = visit.form.text("retract_reason") else {
      return try await needsReason(visit, .retract, field: "retract_reason")
    }
    return try await finish(visit, .retract) {
      try await visit.desk.retract([RetractionDraft(item: item, reason: reason)], as: visit.caller)
    }
  }

  private static func needsReason(_ visit: Visit, _ step: NextStep.Kind, field: String) async throws -> Response {
    try await ItemPage.again(
      visit, step: step, faults: [FieldFault(field: field, text: visit.words("form.fault.reason"))])
  }

  private static func stamp(_ visit: Visit) -> Int64? { visit.form["stamp"].flatMap { Int64($0) } }

  /// Shows the item again: as it is now where it was done, with the reason where it was refused.
  private static func finish(
    _ visit: Visit, _ step: NextStep.Kind, _ work: () async throws -> [WorkOutcome]
  ) async throws -> Response {
    let item: ID<Item> = try visit.id(of: "item")
    switch try await work().first {
    case .recorded(let index)?:
      return PageReply.redirect(
        Target("items", item.description, query: [("done", step.rawValue), ("entry", String(index))]))
    case .refused(.notFound(let what))?: throw Refusal.notFound(what)
    case .refused(let refusal)?: return try await ItemPage.again(visit, step: step, refusal: refusal)
    case nil: return PageReply.redirect(Target("items", item.description))
    }
  }
}
