import Domain

/// What a provider makes of a referral; drawn when it comes, told when it is due.
struct Decision {
  enum Timing {
    /// In the reply itself.
    case atOnce
    case at(Int32)
    /// Nobody ever answers.
    case never
  }

  var outcome: ProviderOutcome
  var timing: Timing
  var reason: Reason?

  /// Why a provider leaves something up.
  enum Reason: UInt8, CaseIterable {
    case noBreach, context, satire, noPerson, tooLittle, elsewhere

    var sentence: String {
      switch self {
      case .noBreach: "Our reviewers found no breach of our terms."
      case .context: "In its context the post reports on events and does not endorse them."
      case .satire: "The recording is satire, which our terms permit."
      case .noPerson: "The account belongs to a research institution that is known to us."
      case .tooLittle: "The notice does not say which part of the recording is meant."
      case .elsewhere: "The same recording was reviewed last month with the same result."
      }
    }
  }
}

/// How each of the nine decides, and how long it takes.
struct Manner {
  let provider: RangeProvider
  let isVirtual: Bool

  /// - Parameters:
  ///   - draw: of the locator and of how often it was referred before.
  ///   - exists: whether there is such a page at all.
  func decide(_ draw: Draw, exists: Bool, isAccount: Bool, at now: Int32) -> Decision {
    let outcome = outcome(draw, exists: exists, isAccount: isAccount)
    return Decision(
      outcome: outcome, timing: timing(draw, at: now),
      reason: outcome == .refused ? Decision.Reason.allCases[draw.below(Decision.Reason.allCases.count, 7)] : nil)
  }

  private func outcome(_ draw: Draw, exists: Bool, isAccount: Bool) -> ProviderOutcome {
    guard exists, !draw.hits(perMillion: 5_000, 1) else { return .notFound }
    let share = draw.below(1_000, 2)
    switch provider {
    case .chorus: return share < 200 ? .refused : share < 230 ? .geoBlocked : .removed
    case .wave: return share < 30 ? .refused : share < 55 ? .geoBlocked : .removed
    case .pigeon:
      if isAccount, share >= 700 { return .disabled }
      return share < 40 ? .refused : share < 70 ? .geoBlocked : .removed
    case .depot: return share < 20 ? .refused : share < 60 ? .disabled : .removed
    case .quill: return .removed
    case .lantern, .mosaic, .scrap, .strata: return share < 40 ? .refused : .removed
    }
  }

  private func timing(_ draw: Draw, at now: Int32) -> Decision.Timing {
    if draw.hits(perMillion: 5_000, 0) { return .never }
    guard isVirtual else { return .at(now + 1 + Int32(draw.below(3, 3))) }
    if provider == .wave, draw.hits(perMillion: 850_000, 4) { return .atOnce }
    let minutes = minutes
    let delay = minutes.lowerBound + draw.below(minutes.upperBound - minutes.lowerBound, 3)
    return .at(RangeCalendar.quarter(atOrAfter: now + max(60, Int32(delay) * 60)))
  }

  private var minutes: ClosedRange<Int> {
    switch provider {
    case .wave: 2...30
    case .pigeon: 30...360
    case .lantern: 120...1_200
    case .depot: 60...480
    case .scrap: 240...2_880
    case .mosaic: 180...720
    case .chorus: 120...1_440
    case .quill: 60...360
    case .strata: 360...1_800
    }
  }

  /// Whether what it takes away really goes; nil: not at all, otherwise after so many seconds.
  func delayOfRemoval(_ draw: Draw) -> Int32? {
    guard provider == .quill else { return 0 }
    return draw.hits(perMillion: 100_000, 5) ? 30 * RangeCalendar.day : nil
  }

  /// How many requests a quarter of an hour it takes.
  var mostRequests: Int? { provider == .pigeon ? 40 : nil }
}
