import Domain
import Testing

/// When a running clock is told of: before, at and after.
@Suite("Alarms of running clocks")
struct AlarmTests {
  private let belgium = Places.belgium

  @Test("Article 3(3): told fifteen minutes before, at sixty minutes, and at the end of the legal reading")
  func threeAlarms() throws {
    let received = try instant("2026-11-25T10:17:30+01:00")
    let clock = LegalClock.removal.start(at: received, in: belgium)
    #expect(
      clock.alarms == [
        RunningClock.Alarm(at: received.adding(seconds: 45 * 60), stage: .near),
        RunningClock.Alarm(at: clock.target, stage: .due),
        RunningClock.Alarm(at: clock.legalEnd, stage: .over),
      ])
    #expect(clock.nextAlarm(after: nil) == clock.alarms[0])
    #expect(clock.nextAlarm(after: received) == clock.alarms[0])
    #expect(clock.nextAlarm(after: clock.alarms[0].at) == clock.alarms[1])
    #expect(clock.nextAlarm(after: clock.target) == clock.alarms[2])
    #expect(clock.nextAlarm(after: clock.legalEnd) == nil)
  }

  @Test("Article 3(2): nobody is told that the wait is over before the later reading is")
  func waitingIsToldLate() throws {
    let clock = LegalClock.firstContact.start(at: try instant("2026-11-25T08:40:00+01:00"), in: belgium)
    #expect(clock.alarms.map(\.stage) == [.near, .over])
    #expect(clock.stage(at: clock.target) == .running)
    #expect(clock.stage(at: clock.legalEnd) == .over)
  }

  @Test("the warning before: a day of 72 hours, fourteen days of six months")
  func leads() throws {
    let event = try instant("2026-11-25T08:40:00+01:00")
    let scrutiny = LegalClock.ownScrutiny.start(at: event, in: belgium)
    #expect(scrutiny.alarms[0].at == scrutiny.target.adding(seconds: -86_400))
    let preservation = LegalClock.preservation.start(at: event, in: belgium)
    #expect(preservation.alarms[0].at == preservation.legalEnd.adding(seconds: -14 * 86_400))
  }

  @Test("alarms ascend, and the stage at each is the one that it tells", arguments: LegalClock.allCases)
  func alarmsAgreeWithStages(clock: LegalClock) throws {
    let calendar = LegalCalendar(zone: belgium.zone, holidays: belgium.holidays, appealPeriod: .weeks(6))
    let running = clock.start(at: try instant("2026-11-25T08:40:00+01:00"), in: calendar)
    let alarms = running.alarms
    #expect(!alarms.isEmpty)
    #expect(alarms.map(\.at) == alarms.map(\.at).sorted())
    #expect(Set(alarms.map(\.at)).count == alarms.count)
    for alarm in alarms { #expect(running.stage(at: alarm.at) == alarm.stage) }
  }

  @Test("a machine's clock that steps back before the start gives nobody more than the whole period")
  func clockStepsBack() throws {
    let received = try instant("2026-11-25T10:17:30+01:00")
    let clock = LegalClock.removal.start(at: received, in: belgium)
    let earlier = try instant("2026-11-25T09:00:00+01:00")
    #expect(clock.stage(at: earlier) == .running)
    #expect(clock.secondsLeft(at: earlier) == 3_600)
    #expect(clock.secondsLeft(at: received) == 3_600)
    #expect(clock.secondsLeft(at: received.adding(seconds: 3_599)) == 1)
    #expect(clock.secondsLeft(at: received.adding(seconds: 3_600)) == 0)
    #expect(clock.nextAlarm(after: earlier) == clock.alarms[0])
  }

  @Test("an end that was written down is kept, and the legal one is never before the target")
  func endsAreKept() throws {
    let start = try instant("2026-11-25T10:00:00Z")
    let clock = RunningClock(
      clock: .removal, startedAt: start, target: start.adding(seconds: 10), legalEnd: start.adding(seconds: 5))
    #expect(clock.legalEnd == clock.target)
    #expect(clock.alarms.map(\.stage) == [.over])
  }
}
