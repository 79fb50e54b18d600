import Domain
import Testing

@Suite("Assessment and the second person") struct AssessmentTests {
  private static let item = ID<Item>(EventSample.id(11))
  private static let assessor = ID<User>(EventSample.id(4))
  private static let second = ID<User>(EventSample.id(5))
  private static let third = ID<User>(EventSample.id(6))

  private func assessment(_ decision: Assessment.Decision = .refer) -> Assessment {
    Assessment(
      index: 21, item: Self.item, decision: decision, categories: [.threat], assessor: Self.assessor,
      state: .awaitingSecondPerson)
  }

  @Test("the second person of a decision is never the first", arguments: Assessment.Decision.allCases)
  func neverTheSamePerson(decision: Assessment.Decision) {
    var assessment = assessment(decision)
    #expect(throws: AssessmentFault.samePerson) { try assessment.confirm(by: Self.assessor) }
    #expect(throws: AssessmentFault.samePerson) { try assessment.sendBack(by: Self.assessor) }
    #expect(assessment.state == .awaitingSecondPerson)
  }

  @Test("a second person decides once, whoever comes after")
  func decidedOnce() throws {
    for isConfirmed in [true, false] {
      var assessment = assessment()
      if isConfirmed { try assessment.confirm(by: Self.second) } else { try assessment.sendBack(by: Self.second) }
      let decided = assessment.state
      #expect(decided == (isConfirmed ? .confirmed(by: Self.second) : .returned(by: Self.second)))
      for user in [Self.second, Self.third] {
        #expect(throws: AssessmentFault.decided) { try assessment.confirm(by: user) }
        #expect(throws: AssessmentFault.decided) { try assessment.sendBack(by: user) }
      }
      #expect(throws: AssessmentFault.samePerson) { try assessment.confirm(by: Self.assessor) }
      #expect(assessment.state == decided)
    }
  }

  @Test("only what was found referable and confirmed is a confirmed assessment")
  func proof() throws {
    var referable = assessment()
    #expect(ConfirmedAssessment(referable) == nil)
    try referable.confirm(by: Self.second)
    let proof = try #require(ConfirmedAssessment(referable))
    #expect(proof.item == Self.item && proof.index == 21 && proof.categories == [.threat])
    var rejected = assessment(.reject)
    try rejected.confirm(by: Self.second)
    #expect(ConfirmedAssessment(rejected) == nil)
    var returned = assessment()
    try returned.sendBack(by: Self.second)
    #expect(ConfirmedAssessment(returned) == nil)
  }

  @Test("each exemption needs a yes or a no; a yes outweighs a no")
  func exemptions() {
    #expect(ExemptionRecord(applying: [], excluded: []).open == Exemption.allCases)
    #expect(ExemptionRecord.noneApplies.isComplete && ExemptionRecord.noneApplies.applying.isEmpty)
    for exemption in Exemption.allCases {
      let others = Set(Exemption.allCases).subtracting([exemption])
      #expect(ExemptionRecord(applying: [], excluded: others).open == [exemption])
      let applies = ExemptionRecord(applying: [exemption], excluded: Set(Exemption.allCases))
      #expect(applies.isComplete && !applies.excluded.contains(exemption))
    }
  }
}

@Suite("Deconfliction") struct DeconflictionTests {
  private static let item = ID<Item>(EventSample.id(11))

  private func check(_ result: Deconfliction.Result, held: Int64? = nil) -> Deconfliction {
    Deconfliction(
      item: Self.item, index: 22, result: result, validUntil: Instant(microseconds: 1_000),
      heldUntil: held.map { Instant(microseconds: $0) })
  }

  @Test("a check clears until it is outdated, and what others refer is never cleared")
  func clears() {
    for (at, result, ruling) in [
      (0, .none, .clear), (999, .none, .clear), (1_000, .none, .outdated), (999, .unknown, .clear),
      (999, .interest, .clear), (999, .duplicate, .duplicate), (1_000, .duplicate, .outdated),
    ] as [(Int64, Deconfliction.Result, Deconfliction.Result.Ruling)] {
      #expect(check(result).clear(at: Instant(microseconds: at)) == ruling)
    }
  }

  @Test("a hold stands before everything else, and ends at its instant", arguments: Deconfliction.Result.allCases)
  func held(result: Deconfliction.Result) {
    let held = check(result, held: 500)
    #expect(held.clear(at: Instant(microseconds: 499)) == .held(until: Instant(microseconds: 500)))
    #expect(held.isHeld(at: Instant(microseconds: 499)) && !held.isHeld(at: Instant(microseconds: 500)))
    #expect(held.clear(at: Instant(microseconds: 500)) == (result == .duplicate ? .duplicate : .clear))
    // A hold that outlives its check still holds.
    let long = check(result, held: 2_000)
    #expect(long.clear(at: Instant(microseconds: 1_500)) == .held(until: Instant(microseconds: 2_000)))
    #expect(!check(result).isHeld(at: Instant(microseconds: 0)))
  }
}
