import Casework
import Domain
import Storage

/// How an item goes from hand to hand: assessed, confirmed, deconflicted, cleared, referred.
///
/// Everything goes through the use cases that `serve` offers, from queues that anybody could read; a pipeline that is
/// run twice finds nothing left to do the second time.
struct Pipeline: Sendable {
  let desk: Desk
  let cast: Cast
  let chance: Chance
  let operation: ID<Operation>
  /// The moment together for which referrals wait; nil once it has passed.
  let release: ReleaseMoment

  /// Works through everything that waits behind a journal index.
  func run(after index: Int64) async throws {
    try await assess(after: index)
    try await confirm(after: index)
    try await registerInterests(after: index)
    try await deconflict(after: index)
    try await refer(after: index)
  }

  // MARK: Assessment

  private func assess(after index: Int64) async throws {
    try await forEachPage(.assess, after: index, as: cast.units[0].analysts[0]) { page in
      for unit in cast.units {
        let own = page.filter { $0.owner == unit.agency }
        guard !own.isEmpty else { continue }
        // One shift has the batch; who of it, chance says.
        let analyst = unit.analysts[chance.position("analyst", own[0].locator ?? "", below: unit.analysts.count)]
        try check(try await desk.assess(own.map(assessment), as: analyst))
      }
    }
  }

  /// Five in a hundred turn out to be something else: a report, a study, a monument to victims.
  private func assessment(of item: WorkItem) -> AssessmentDraft {
    let subject = item.locator ?? ""
    let draw = chance.fraction("assessment", subject)
    if draw < 0.05 {
      let purposes: [Exemption] = [.journalism, .research, .countering, .humanRights, .archive]
      let purpose = purposes[chance.position("exemption", subject, below: purposes.count)]
      return AssessmentDraft(
        item: item.id, decision: .reject, categories: [],
        exemptions: ExemptionRecord(applying: [purpose], excluded: Set(Exemption.allCases)),
        reasons: "The true purpose is \(purpose.rawValue).", replaces: item.assessment?.index)
    }
    let categories = ContentCategory.allCases
    return AssessmentDraft(
      item: item.id, decision: .refer,
      categories: [categories[chance.position("category", subject, below: categories.count)]],
      factors: [.wording, .context], exemptions: .noneApplies, reasons: nil, replaces: item.assessment?.index)
  }

  private func confirm(after index: Int64) async throws {
    try await forEachPage(.confirm, after: index, as: cast.units[0].reviewers[0]) { page in
      for unit in cast.units {
        let drafts = page.filter { $0.owner == unit.agency }.compactMap { item in
          item.assessment.map { ConfirmationDraft(item: item.id, assessment: $0.index, agrees: true) }
        }
        guard let first = drafts.first else { continue }
        let reviewer = cast.reviewer(for: unit.agency, of: chance, first.item.description)
        try check(try await desk.confirm(drafts, as: reviewer))
      }
    }
  }

  // MARK: Deconfliction

  /// Two in a hundred lie in somebody's investigation: its prosecutor asks others to wait.
  private func registerInterests(after index: Int64) async throws {
    for prosecutor in cast.prosecutors {
      var drafts: [InterestDraft] = []
      try await forEachPage(.deconflict, after: index, as: prosecutor) { page in
        for item in page where item.owner != prosecutor.user.agency {
          guard let locator = item.locator else { continue }
          guard chance.fraction("interest", locator) < 0.02 else { continue }
          // Of the two, one has the case.
          let holder = cast.prosecutors[chance.position("holder", locator, below: cast.prosecutors.count)]
          let mine = holder.user.agency == item.owner ? prosecutor : holder
          guard mine.user.id == prosecutor.user.id else { continue }
          let days = 7 + Int64(chance.position("hold", locator, below: 21))
          drafts.append(
            InterestDraft(
              address: locator, until: desk.clock.now().adding(seconds: days * Timeline.day), note: "An open file."))
        }
      }
      if !drafts.isEmpty { _ = try await desk.registerInterests(drafts, as: prosecutor) }
    }
  }

  private func deconflict(after index: Int64) async throws {
    try await forEachPage(.deconflict, after: index, as: cast.deconflictionOfficer) { page in
      try check(try await desk.deconflictAndClear(page.map(\.id), as: cast.deconflictionOfficer))
    }
  }

  private func refer(after index: Int64) async throws {
    try await forEachPage(.refer, after: index, as: cast.coordinator) { page in
      let drafts = page.map {
        ReferralDraft(item: $0.id, release: release, clause: "Terms of service: terrorist content.")
      }
      try check(try await desk.refer(drafts, as: cast.coordinator))
    }
  }

  /// Items whose hold is over are checked again, and leave.
  func sendReleased() async throws {
    try await forEachPage(.released, after: -1, as: cast.deconflictionOfficer) { page in
      try check(try await desk.deconflictAndClear(page.map(\.id), as: cast.deconflictionOfficer))
      let clear = try await desk.workItems(page.map(\.id), as: cast.coordinator).filter {
        $0.clearance(at: desk.clock.now()) != nil
      }
      guard !clear.isEmpty else { return }
      try check(try await desk.refer(clear.map { ReferralDraft(item: $0.id, release: release) }, as: cast.coordinator))
    }
  }

  // MARK: Pages

  private func forEachPage(
    _ kind: QueueKind, after index: Int64, as caller: Caller, _ body: ([WorkItem]) async throws -> Void
  ) async throws {
    var last = index
    while true {
      let page = try await desk.queue(
        kind, operation: operation, Page(after: last, limit: Desk.mostInOneRequest), as: caller)
      guard let end = page.last else { return }
      try await body(page)
      last = end.reportIndex
    }
  }

  /// The script asks only for what the rules allow; a refusal is a fault of the script.
  private func check(_ outcomes: [WorkOutcome]) throws {
    for case .refused(let refusal) in outcomes { throw ExerciseFault.refused(refusal.description) }
  }
}
