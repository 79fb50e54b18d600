import Casework
import Domain
import Storage
import TestDesks
import Testing

@Suite("Assessing and confirming") struct AssessItemsTests {
  private func prepared(items: Int = 3) async throws -> (test: TestDesk, unit: TestUnit, items: [ID<Item>]) {
    let test = try await TestDesk()
    let unit = try await test.unit()
    let items = try await test.report((0..<items).map { "https://chorus.example/choir/\($0)" }, as: unit.analyst)
    return (test, unit, items)
  }

  private func refused(_ outcome: WorkOutcome?) -> Refusal? {
    if case .refused(let refusal)? = outcome { refusal } else { nil }
  }

  @Test("an assessment needs a category where it refers, every exemption answered, and reasons for a yes")
  func complete() async throws {
    let (test, unit, items) = try await prepared()
    let partly = ExemptionRecord(applying: [], excluded: Set(Exemption.allCases).subtracting([.satire]))
    let satire = ExemptionRecord(applying: [.satire], excluded: Set(Exemption.allCases))
    func draft(
      _ decision: Assessment.Decision, _ categories: [ContentCategory], _ exemptions: ExemptionRecord,
      _ reasons: String? = nil
    ) -> AssessmentDraft {
      AssessmentDraft(
        item: items[0], decision: decision, categories: categories, exemptions: exemptions, reasons: reasons)
    }
    let size = try await test.size()
    for wrong in [
      draft(.refer, [], .noneApplies), draft(.refer, [.threat], partly), draft(.reject, [], partly),
      draft(.refer, [.threat], satire, "a joke"), draft(.reject, [], satire), draft(.reject, [], satire, ""),
    ] {
      let outcome = try await test.desk.assess([wrong], as: unit.analyst).first
      guard case .invalid? = refused(outcome) else {
        Issue.record("\(wrong): \(String(describing: outcome))")
        continue
      }
    }
    #expect(try await test.size() == size)
    #expect(
      try await test.desk.assess([draft(.reject, [], satire, "a sketch")], as: unit.analyst) == [.recorded(size)])
    let event = try await test.journal().compactMap { $0 as? ItemAssessed }.last
    #expect(event?.exempt == [.satire] && event?.reasons == "a sketch" && event?.decision == .reject)
    #expect(try await test.faults() == [])
  }

  @Test("each entry of a request is decided by itself, and an item named twice only once")
  func oneByOne() async throws {
    let (test, unit, items) = try await prepared()
    let unknown = ID<Item>(Identifier(high: 1, low: 1))
    let size = try await test.size()
    let outcomes = try await test.desk.assess(
      [items[2], unknown, items[0], items[2]].map { .referable($0) }, as: unit.analyst)
    #expect(outcomes[0] == .recorded(size) && outcomes[2] == .recorded(size + 1))
    #expect(outcomes[1] == .refused(.notFound("such item")))
    guard case .invalid? = refused(outcomes[3]) else {
      Issue.record("\(outcomes[3])")
      return
    }
    #expect(try await test.size() == size + 2)
    for drafts in [[], Array(repeating: AssessmentDraft.referable(items[0]), count: 1_001)] {
      await #expect(throws: Refusal.self) { try await test.desk.assess(drafts, as: unit.analyst) }
    }
    #expect(try await test.faults() == [])
  }

  @Test("a form that shows an older assessment is stale, and so is one that shows none where there is one")
  func stale() async throws {
    let (test, unit, items) = try await prepared()
    let stale = WorkOutcome.refused(.stale("the item's assessment"))
    #expect(try await test.desk.assess([.referable(items[0], replaces: 3)], as: unit.analyst) == [stale])
    try await test.assess([items[0]], by: unit)
    let first = try #require(try await test.work(items[0]).assessment?.index)
    #expect(try await test.desk.assess([.referable(items[0])], as: unit.analyst) == [stale])
    #expect(try await test.desk.assess([.referable(items[0], replaces: first)], as: unit.analyst) != [stale])
    #expect(try await test.desk.assess([.referable(items[0], replaces: first)], as: unit.analyst) == [stale])
    let late = ConfirmationDraft(item: items[0], assessment: first, agrees: true)
    #expect(try await test.desk.confirm([late], as: unit.reviewer) == [stale])
    #expect(try await test.work(items[0]).confirmedAssessment == nil)
    #expect(try await test.faults() == [])
  }

  @Test("a second person sends back with a reason, and the item is assessed anew")
  func returned() async throws {
    let (test, unit, items) = try await prepared()
    let item = items[0]
    let nothing = ConfirmationDraft(item: item, assessment: 1, agrees: true)
    guard case .notNow? = refused(try await test.desk.confirm([nothing], as: unit.reviewer).first) else {
      Issue.record("what was not assessed can't be confirmed")
      return
    }
    try await test.assess([item], by: unit)
    let index = try #require(try await test.work(item).assessment?.index)
    for reason in [nil, ""] {
      let draft = ConfirmationDraft(item: item, assessment: index, agrees: false, reason: reason)
      guard case .invalid? = refused(try await test.desk.confirm([draft], as: unit.reviewer).first) else {
        Issue.record("no reason was wanted")
        continue
      }
    }
    let back = ConfirmationDraft(item: item, assessment: index, agrees: false, reason: "it is a newspaper")
    _ = try await test.desk.confirm([back], as: unit.reviewer)
    #expect(try await test.work(item).assessment?.state == .returned(by: unit.reviewer.user.id))
    let other = try await test.caller([.reviewer], name: "another reviewer")
    for draft in [back, ConfirmationDraft(item: item, assessment: index, agrees: true)] {
      guard case .notNow? = refused(try await test.desk.confirm([draft], as: other).first) else {
        Issue.record("a second person had spoken")
        continue
      }
    }
    let waiting = try await test.desk.queue(.assess, operation: nil, Page(), as: unit.analyst).map(\.id)
    #expect(waiting.contains(item))
    _ = try await test.desk.assess([.referable(item, replaces: index)], as: unit.analyst)
    try await test.confirm([item], by: unit)
    #expect(try await test.work(item).confirmedAssessment?.categories == [.incite, .threat])
    #expect(try await test.faults() == [])
  }

  @Test("two hundred confirmations of one's own assessment at once count not once")
  func ownAtOnce() async throws {
    let (test, _, items) = try await prepared(items: 1)
    let both = try await test.caller([.analyst, .reviewer], name: "both")
    _ = try await test.desk.assess([.referable(items[0])], as: both)
    let index = try #require(try await test.work(items[0]).assessment?.index)
    let draft = ConfirmationDraft(item: items[0], assessment: index, agrees: true)
    let size = try await test.size()
    let outcomes = try await withThrowingTaskGroup(of: [WorkOutcome].self) { group in
      for _ in 0..<200 { group.addTask { try await test.desk.confirm([draft], as: both) } }
      return try await group.reduce(into: Set()) { $0.formUnion($1) }
    }
    #expect(outcomes == [.refused(.samePerson)])
    #expect(try await test.size() == size)
    #expect(try await test.desk.queue(.confirm, operation: nil, Page(), as: both).isEmpty)
    #expect(try await test.faults() == [])
  }

  @Test("of two hundred confirmations by many people at once exactly one counts")
  func manyAtOnce() async throws {
    let (test, unit, items) = try await prepared(items: 1)
    try await test.assess(items, by: unit)
    let index = try #require(try await test.work(items[0]).assessment?.index)
    var reviewers: [Caller] = []
    for number in 0..<8 { reviewers.append(try await test.caller([.reviewer], name: "reviewer \(number)")) }
    let outcomes = try await withThrowingTaskGroup(of: WorkOutcome?.self) { group in
      for number in 0..<200 {
        let draft = ConfirmationDraft(
          item: items[0], assessment: index, agrees: number.isMultiple(of: 2), reason: "no")
        group.addTask { [reviewer = reviewers[number % 8]] in
          try await test.desk.confirm([draft], as: reviewer).first
        }
      }
      return try await group.reduce(into: [WorkOutcome]()) { if let outcome = $1 { $0.append(outcome) } }
    }
    let recorded = outcomes.filter { if case .recorded = $0 { true } else { false } }
    #expect(outcomes.count == 200 && recorded.count == 1)
    #expect(try await test.count(AssessmentConfirmed.self) + test.count(AssessmentReturned.self) == 1)
    #expect(try await test.faults() == [])
  }

  @Test("what was referred on an assessment is assessed anew only after its retraction")
  func afterReferral() async throws {
    let (test, unit, items) = try await prepared(items: 1)
    try await test.refer(items, by: unit)
    let index = try #require(try await test.work(items[0]).assessment?.index)
    let again = AssessmentDraft.referable(items[0], replaces: index)
    guard case .notNow? = refused(try await test.desk.assess([again], as: unit.analyst).first) else {
      Issue.record("its assessment is what the referral rests on")
      return
    }
    let steps = try await test.desk.dossier(items[0], as: unit.analyst).steps
    #expect(steps.first { $0.kind == .assess }?.isPossible == false)
    _ = try await test.desk.retract([RetractionDraft(item: items[0], reason: "a mistake")], as: unit.coordinator)
    let size = try await test.size()
    #expect(try await test.desk.assess([again], as: unit.analyst) == [.recorded(size)])
    #expect(try await test.faults() == [])
  }

  @Test("relations join two items that the caller sees, and no item to itself")
  func relations() async throws {
    let (test, unit, items) = try await prepared()
    let other = try await test.unit("Other")
    let hidden = try await test.report(["https://chorus.example/choir/hidden"], as: other.analyst)[0]
    let outcomes = try await test.desk.relate(
      [
        RelationDraft(item: items[0], relation: .copy, original: items[1]),
        RelationDraft(item: items[1], relation: .copy, original: items[1]),
        RelationDraft(item: items[2], relation: .successor, original: hidden),
        RelationDraft(item: hidden, relation: .successor, original: items[0]),
      ], as: unit.analyst)
    guard case .recorded = outcomes[0], case .invalid? = refused(outcomes[1]) else {
      Issue.record("\(outcomes)")
      return
    }
    #expect(outcomes[2] == .refused(.notFound("such original")) && outcomes[3] == .refused(.notFound("such item")))
    #expect(try await test.faults() == [])
  }
}
