/// What a look at an address found, from where it was made.
public enum Verdict: String, Sendable, Hashable, CaseIterable {
  case live
  /// The provider shows that it is not there any more.
  case removed
  /// It is there, for others than us: withheld in a country, behind a login.
  case restricted
  /// It stands at another address.
  case moved
  /// Something else stands at the address.
  case replaced
  /// No reply that could be read.
  case unreachable
  /// A reply that no rule knows.
  case unknown

  /// The letter that stands for it in a round of looks.
  public var letter: Character {
    switch self {
    case .live: "L"
    case .removed: "R"
    case .restricted: "S"
    case .moved: "M"
    case .replaced: "P"
    case .unreachable: "U"
    case .unknown: "K"
    }
  }

  public init?(letter: Character) {
    guard let verdict = Self.allCases.first(where: { $0.letter == letter }) else { return nil }
    self = verdict
  }

  /// Whether the public finds the item there, or from there.
  public var isThere: Bool { self == .live || self == .moved }

  /// Whether the public does not find the item there.
  public var isGone: Bool { self == .removed || self == .restricted || self == .replaced }
}

/// The sign in the reply on which a verdict rests.
public enum VerdictBasis: String, Sendable, Hashable, CaseIterable {
  /// Status 200 and no sign of the provider's pack.
  case page
  case status404 = "status_404"
  case status410 = "status_410"
  case status451 = "status_451"
  /// Another status that the pack names.
  case status
  /// Words of the pack on a page that says what happened, with status 200.
  case tombstone
  /// Words of the pack on a page that says 200 and means 404.
  case soft404 = "soft_404"
  /// A redirect to a sign-in page, or such a page itself.
  case loginWall = "login_wall"
  /// A redirect to the home page.
  case redirectHome = "redirect_home"
  /// A redirect elsewhere.
  case redirect
  /// Another title than the one that was seen before.
  case title
  /// The policy refuses the address; no connection was opened.
  case refused
  /// The name has no address.
  case name
  /// No connection.
  case connection
  case tls
  /// The time is over.
  case timeout
  /// The page is larger than the budget, or decodes to more than it.
  case budget
  /// Not HTTP, or cut off.
  case protocolError = "protocol_error"
  /// 5xx.
  case serverError = "server_error"
}

/// What is known of an item's being there: an interval, never one instant.
public struct Liveness: Sendable, Hashable {
  public private(set) var verdict: Verdict?
  /// The last look that found it live.
  public private(set) var lastLiveAt: Instant?
  /// The first look since then that found it gone; it went between the two.
  public private(set) var firstGoneAt: Instant?

  public init(verdict: Verdict? = nil, lastLiveAt: Instant? = nil, firstGoneAt: Instant? = nil) {
    self.verdict = verdict
    self.lastLiveAt = lastLiveAt
    self.firstGoneAt = firstGoneAt
  }

  public enum Change: Sendable, Hashable {
    case first
    case gone
    /// It was gone and is there again.
    case reappeared
    case other
  }

  /// Takes a look into account; nil where the verdict is what it was.
  ///
  /// Unreachable and unknown say nothing about the item and move no end of the interval.
  public mutating func see(_ seen: Verdict, at instant: Instant) -> Change? {
    let wasGone = firstGoneAt != nil
    let before = verdict
    verdict = seen
    if seen.isThere {
      lastLiveAt = instant
      firstGoneAt = nil
    } else if seen.isGone, !wasGone {
      firstGoneAt = instant
    }
    guard before != seen else { return nil }
    if seen.isThere, wasGone { return .reappeared }
    if seen.isGone, !wasGone { return .gone }
    return before == nil ? .first : .other
  }
}
