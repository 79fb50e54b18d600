/// A clock that runs for a file: what it was started by, and when it is over in the two readings of the law.
///
/// Both ends are written down when it starts, so that nobody computes them anew from other rules later.
public struct RunningClock: Sendable, Hashable {
  public let clock: LegalClock
  /// The event that started it; a receipt is never edited.
  public let startedAt: Instant
  /// The strict reading, event plus period: what to work towards.
  public let target: Instant
  /// The reading under Regulation (EEC, Euratom) No 1182/71; never before ``target``.
  public let legalEnd: Instant

  public init(clock: LegalClock, startedAt: Instant, target: Instant, legalEnd: Instant) {
    self.clock = clock
    self.startedAt = startedAt
    self.target = target
    self.legalEnd = max(target, legalEnd)
  }
}

extension RunningClock {
  public func end(_ reading: PeriodReading) -> Instant { reading == .strict ? target : legalEnd }

  /// The end by which nobody's right is cut short; see ``ClockRule/safeReading``.
  public var safeEnd: Instant { end(clock.rule.safeReading) }

  /// The end that is safe for one of the parties.
  public func safeEnd(for party: ClockParty) -> Instant { end(clock.rule.safeReading(for: party)) }

  /// Whether it ends at all; an appeal period that nobody has confirmed does not.
  public var hasEnd: Bool { legalEnd < Instant(microseconds: .max) }

  /// Where the clock stands.
  public enum Stage: String, Sendable, Hashable, CaseIterable {
    case running
    /// The safe end is near.
    case near
    /// The safe end has passed, the other reading has not.
    case due
    /// It is over in both readings.
    case over
  }

  public func stage(at instant: Instant) -> Stage {
    if instant >= legalEnd { return .over }
    if instant >= safeEnd { return .due }
    if let warning, instant >= warning { return .near }
    return .running
  }

  /// A moment at which somebody is told of the clock.
  public struct Alarm: Sendable, Hashable {
    public let at: Instant
    /// What the clock turns to then.
    public let stage: Stage

    public init(at: Instant, stage: Stage) {
      self.at = at
      self.stage = stage
    }
  }

  /// Every alarm in its order: before, at and after. Of two at one moment only the later stage is told.
  public var alarms: [Alarm] {
    var alarms: [Alarm] = []
    if let warning { alarms.append(Alarm(at: warning, stage: .near)) }
    if safeEnd < legalEnd { alarms.append(Alarm(at: safeEnd, stage: .due)) }
    alarms.append(Alarm(at: legalEnd, stage: .over))
    return alarms
  }

  /// The first alarm that is later than `instant`; without one, the first of all.
  ///
  /// A duty that is due at once has its alarm at its start: whoever starts a clock asks without an instant.
  public func nextAlarm(after instant: Instant?) -> Alarm? {
    guard let instant else { return alarms.first }
    return alarms.first { $0.at > instant }
  }

  /// Seconds to the safe end, rounded up; 0 when it has passed.
  ///
  /// A machine's clock that steps back before the start gives nobody more than the whole period.
  public func secondsLeft(at instant: Instant) -> Int64 {
    let left = safeEnd.microseconds - max(instant, startedAt).microseconds
    return left <= 0 ? 0 : (left + 999_999) / 1_000_000
  }

  private var warning: Instant? {
    let lead = clock.rule.lead
    guard lead > 0 else { return nil }
    let warning = safeEnd.adding(seconds: -lead)
    return warning > startedAt ? warning : nil
  }
}
