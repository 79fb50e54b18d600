import Domain
import Testing

/// C5 to C10: the clocks of Article 4.
@Suite("The clocks of scrutiny")
struct ScrutinyClockTests {
  private let belgium = Places.belgium

  @Test("Article 4(1): the copy goes to the home authority at the same time as the order")
  func copyIsSimultaneous() throws {
    let sent = try instant("2026-11-25T10:17:30+01:00")
    let clock = LegalClock.copy.start(at: sent, in: belgium)
    #expect(LegalClock.copy.rule.period == .simultaneous)
    #expect(clock.target == sent && clock.legalEnd == sent)
    #expect(clock.stage(at: sent) == .over)
  }

  @Test("Article 4(3): 72 hours for scrutiny of its own run from the receipt of the copy")
  func ownScrutiny() throws {
    let received = try instant("2026-11-27T10:17:30+01:00")
    let clock = LegalClock.ownScrutiny.start(at: received, in: belgium)
    #expect(clock.target == received.adding(seconds: 72 * 3_600))
    #expect(clock.legalEnd == (try instant("2026-11-30T11:00:00+01:00")))
    #expect(clock.safeEnd(for: .homeAuthority) == clock.target)
    #expect(LegalClock.ownScrutiny.rule.start.contains("copy"))
  }

  @Test("Article 4(4): 48 hours to ask for scrutiny; whoever judges a request waits for the later reading")
  func request() throws {
    let received = try instant("2026-11-25T10:17:30+01:00")
    let clock = LegalClock.scrutinyRequest.start(at: received, in: belgium)
    #expect(clock.target == received.adding(seconds: 48 * 3_600))
    #expect(clock.safeEnd == (try instant("2026-11-27T11:00:00+01:00")))
    #expect(clock.safeEnd(for: .homeAuthority) == clock.legalEnd)
    #expect(clock.safeEnd(for: .provider) == clock.target)
    // Between the two the request is late for the strict reader, and in time for the authority.
    #expect(clock.stage(at: try instant("2026-11-27T10:30:00+01:00")) == .near)
  }

  @Test("Article 4(4), 11(2): a content provider's 48 hours run from the information, not from the order")
  func contentProvidersStart() {
    #expect(LegalClock.scrutinyRequest.rule.start.contains("Article 11(2)"))
  }

  @Test("Article 4(4): a decision on a request within 72 hours of receiving it, whatever it finds")
  func requestedScrutiny() throws {
    let received = try instant("2026-10-24T10:17:30+02:00")
    let clock = LegalClock.requestedScrutiny.start(at: received, in: belgium)
    // Across the end of summer time: 72 hours are 72 hours, and the wall shows one less.
    #expect(clock.target == (try instant("2026-10-27T09:17:30+01:00")))
    #expect(LegalClock.requestedScrutiny.rule.stop.contains("whatever it finds"))
  }

  @Test("Article 4(7): reinstatement is due immediately")
  func reinstatement() throws {
    let told = try instant("2026-11-25T10:17:30+01:00")
    let clock = LegalClock.reinstatement.start(at: told, in: belgium)
    #expect(clock.stage(at: told) == .over)
    #expect(clock.nextAlarm(after: nil) == RunningClock.Alarm(at: told, stage: .over))
  }

  @Test("Article 4(5): before a finding of infringement the issuing authority is told of the intention")
  func warningBefore() {
    #expect(LegalClock.scrutinyNotice.rule.note?.contains("told of the intention, with reasons") == true)
  }
}
