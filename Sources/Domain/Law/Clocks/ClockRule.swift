/// Those between whom the clocks run.
public enum ClockParty: String, Sendable, Hashable, CaseIterable {
  /// The competent authority that issues an order: Article 12(1)(a).
  case issuingAuthority = "issuing_authority"
  /// The authority that scrutinises orders where the provider is at home: Article 12(1)(b).
  case homeAuthority = "home_authority"
  /// The authority that oversees specific measures: Article 12(1)(c).
  case oversightAuthority = "oversight_authority"
  case memberState = "member_state"
  case provider
  case contentProvider = "content_provider"
}

/// What a period does to the one whom it binds.
public enum ClockNature: String, Sendable, Hashable, CaseIterable {
  /// Something must be done before it is over.
  case deadline
  /// Something must not be done before it is over.
  case waiting
  /// Something may be asked for until it is over.
  case right
  /// Something must be kept until it is over.
  case retention
  /// Something must have ended when it is over.
  case limit
  /// Only what lies within it counts.
  case window
}

/// What the law says of one clock, as a value.
public struct ClockRule: Sendable, Hashable {
  public let clock: LegalClock
  /// The provision, such as `Article 3(3)`.
  public let article: String
  /// What has to happen, in a few words.
  public let title: String
  public let period: Period
  /// The event from which it runs.
  public let start: String
  /// What ends it.
  public let stop: String
  /// Who is bound by it, or has the right.
  public let bound: ClockParty
  /// Who is harmed where it is read too short or too long.
  public let protects: ClockParty
  public let nature: ClockNature
  /// A target of the house where the law gives no number; never shown as the law's.
  public let houseTarget: Period?
  /// How long before the safe end somebody is warned, in seconds; 0: not at all.
  public let lead: Int64
  /// What else has to be known; nil where nothing has.
  public let note: String?

  /// The reading by which nobody's right is cut short.
  ///
  /// Who must act works towards the strict end; who must wait, keep, or hear another one's request, waits for the later.
  public var safeReading: PeriodReading {
    switch nature {
    case .deadline, .limit, .window: .strict
    case .waiting, .right, .retention: .regulation
    }
  }

  /// The safe reading for one of the parties.
  ///
  /// For the one who is bound by a deadline, or has a right, it is the shorter; whoever draws consequences from its end
  /// waits for the longer.
  public func safeReading(for party: ClockParty) -> PeriodReading {
    switch nature {
    case .deadline, .right: party == bound ? .strict : .regulation
    case .limit, .window: .strict
    case .waiting, .retention: .regulation
    }
  }
}

extension LegalClock {
  /// What the law says of it.
  public var rule: ClockRule { ClockRule.rule(of: self) }
}
