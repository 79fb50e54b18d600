extension LegalClock {
  /// The clock, started by an event at that instant.
  ///
  /// What is due at once ends where it starts. What has no number in the law ends with the target of the house. An
  /// appeal period that nobody has confirmed does not end.
  public func start(at event: Instant, in calendar: LegalCalendar) -> RunningClock {
    let rule = rule
    switch rule.period {
    case .immediately, .simultaneous:
      return RunningClock(clock: self, startedAt: event, target: event, legalEnd: event)
    case .withoutUndueDelay:
      let target = rule.houseTarget?.end(from: event, reading: .strict, in: calendar) ?? event
      return RunningClock(clock: self, startedAt: event, target: target, legalEnd: target)
    case .national:
      guard let period = calendar.appealPeriod else {
        let never = Instant(microseconds: .max)
        return RunningClock(clock: self, startedAt: event, target: never, legalEnd: never)
      }
      return running(period, from: event, in: calendar)
    case let period:
      return running(period, from: event, in: calendar)
    }
  }

  fileprivate func running(_ period: Period, from event: Instant, in calendar: LegalCalendar) -> RunningClock {
    let target = period.end(from: event, reading: .strict, in: calendar) ?? event
    let legalEnd = period.end(from: event, reading: .regulation, in: calendar) ?? target
    // At the end of time both are held, and a period has no negative length.
    return RunningClock(clock: self, startedAt: event, target: max(target, event), legalEnd: legalEnd)
  }
}

/// Why a provider's hour starts anew; each has an Annex III behind it.
public enum NewHour: Sendable, Hashable {
  /// Article 3(7): force majeure or de facto impossibility has ended.
  case obstacleEnded(at: Instant)
  /// Article 3(8): the provider has received the clarification.
  case clarificationReceived(at: Instant)

  public var article: String {
    switch self {
    case .obstacleEnded: "Article 3(7)"
    case .clarificationReceived: "Article 3(8)"
    }
  }

  public var startsAt: Instant {
    switch self {
    case .obstacleEnded(let instant), .clarificationReceived(let instant): instant
    }
  }

  /// A full hour; what had run of the earlier one does not count.
  public func clock(in calendar: LegalCalendar) -> RunningClock {
    LegalClock.removal.start(at: startsAt, in: calendar)
  }
}

/// The time in which a content provider must not be told: Article 11(3).
///
/// Six weeks at most, and six more at most where the reasons still hold. There is no third.
public struct NonDisclosurePeriod: Sendable, Hashable {
  public let decidedAt: Instant
  public let isExtended: Bool

  public init(decidedAt: Instant) { self.init(decidedAt: decidedAt, isExtended: false) }

  private init(decidedAt: Instant, isExtended: Bool) {
    self.decidedAt = decidedAt
    self.isExtended = isExtended
  }

  /// Its clock. Silence ends at the target: the strict reading, which is the safe one for whom it is kept from.
  public func clock(in calendar: LegalCalendar) -> RunningClock {
    LegalClock.nonDisclosure.running(.weeks(isExtended ? 12 : 6), from: decidedAt, in: calendar)
  }

  /// The extended period; nil where it was extended before, or has ended by then.
  public func extended(at instant: Instant, in calendar: LegalCalendar) -> NonDisclosurePeriod? {
    guard !isExtended, instant < clock(in: calendar).target else { return nil }
    return NonDisclosurePeriod(decidedAt: decidedAt, isExtended: true)
  }
}

extension RunningClock {
  /// Article 5(5): the report on specific measures that is due a year after this one.
  ///
  /// Nil for any other clock.
  public func nextYearly(in calendar: LegalCalendar) -> RunningClock? {
    guard clock == .measuresReport else { return nil }
    return clock.running(.months(12), from: target, in: calendar)
  }
}
