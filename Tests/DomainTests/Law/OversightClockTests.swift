import Domain
import Testing

/// C14 to C16, C18 and C19: exposure, specific measures, reports.
@Suite("The clocks of oversight")
struct OversightClockTests {
  private let belgium = Places.belgium

  @Test("Article 5(5): the report after three months, then every year")
  func measuresReport() throws {
    let clock = LegalClock.measuresReport.start(at: try instant("2026-11-25T10:00:00+01:00"), in: belgium)
    #expect(clock.target == (try instant("2027-02-25T10:00:00+01:00")))
    let next = try #require(clock.nextYearly(in: belgium))
    #expect(next.target == (try instant("2028-02-25T10:00:00+01:00")))
    #expect(try #require(next.nextYearly(in: belgium)).target == (try instant("2029-02-25T10:00:00+01:00")))
  }

  @Test("only the report on specific measures comes back every year by itself")
  func onlyThatOne() throws {
    let event = try instant("2026-11-25T10:00:00+01:00")
    for clock in LegalClock.allCases where clock != .measuresReport {
      #expect(clock.start(at: event, in: belgium).nextYearly(in: belgium) == nil, "\(clock)")
    }
  }

  @Test("Article 5(7): three months for a reasoned decision on a request for review")
  func exposureReview() throws {
    let clock = LegalClock.exposureReview.start(at: try instant("2026-11-30T10:00:00+01:00"), in: belgium)
    // 28 February 2027 is a Sunday.
    #expect(clock.target == (try instant("2027-02-28T10:00:00+01:00")))
    #expect(clock.legalEnd == (try instant("2027-03-02T00:00:00+01:00")))
  }

  @Test(
    "Article 7(2): the provider's report before 1 March of the year after, leap year or not",
    arguments: [
      ("2026-07-01T12:00:00+02:00", "2027-03-01T00:00:00+01:00"),
      ("2027-07-01T12:00:00+02:00", "2028-03-01T00:00:00+01:00"),
      // Already the new year where the provider is, though not in UTC.
      ("2026-12-31T23:30:00Z", "2028-03-01T00:00:00+01:00"),
    ])
  func providerReport(event: String, expected: String) throws {
    let clock = LegalClock.providerReport.start(at: try instant(event), in: belgium)
    #expect(clock.target == (try instant(expected)))
    #expect(clock.legalEnd == clock.target)
  }

  @Test("Article 21(1): the Member State's data by the end of 31 March")
  func commissionReport() throws {
    let clock = LegalClock.commissionReport.start(at: try instant("2026-07-01T12:00:00+02:00"), in: belgium)
    #expect(clock.target == (try instant("2027-04-01T00:00:00+02:00")))
    #expect(clock.stage(at: try instant("2027-03-31T23:59:59+02:00")) == .near)
  }

  @Test("every clock has its number, its article and a name by which it is found")
  func everyClockIsNamed() {
    #expect(LegalClock.allCases.map(\.rawValue) == (1...20).map { "C\($0)" })
    #expect(Set(LegalClock.allCases.map(\.name)).count == 20)
    for clock in LegalClock.allCases {
      let rule = clock.rule
      #expect(rule.clock == clock)
      #expect(rule.article.hasPrefix("Article "))
      #expect(rule.period != .national || clock == .appeal)
      for text in [rule.title, rule.start, rule.stop] { #expect(!text.isEmpty, "\(clock)") }
      #expect(LegalClock(named: clock.name) == clock)
      #expect(LegalClock(named: clock.rawValue.lowercased()) == clock)
    }
    #expect(LegalClock(named: "Own-Scrutiny") == .ownScrutiny)
    #expect(LegalClock(named: "C21") == nil)
    #expect(LegalClock(named: "") == nil)
  }
}
