/// One address on record, once for each owner: an account, a channel, a post, a video.
///
/// It has no status: what was assessed, referred, answered or seen of it are facts of their own.
public struct Item: Sendable, Hashable {
  public let id: ID<Item>
  public let owner: ID<Agency>
  public let provider: ID<Provider>
  public let operation: ID<Operation>?
  public let kind: ItemKind
  public let handling: HandlingCode
  public let sharing: Sharing
  /// The canonical locator; nil once it was erased.
  public let locator: String?
  public let firstReportedAt: Instant
  public let lastSightedAt: Instant
  /// How often it was reported again after the first time.
  public let sightings: Int64
  /// The journal index of the report that put it on record.
  public let reportIndex: Int64

  public init(
    id: ID<Item>, owner: ID<Agency>, provider: ID<Provider>, operation: ID<Operation>?, kind: ItemKind,
    handling: HandlingCode, sharing: Sharing, locator: String?, firstReportedAt: Instant,
    lastSightedAt: Instant, sightings: Int64, reportIndex: Int64
  ) {
    self.id = id
    self.owner = owner
    self.provider = provider
    self.operation = operation
    self.kind = kind
    self.handling = handling
    self.sharing = sharing
    self.locator = locator
    self.firstReportedAt = firstReportedAt
    self.lastSightedAt = lastSightedAt
    self.sightings = sightings
    self.reportIndex = reportIndex
  }
}

/// A canonical locator as the record's facts carry it: HMAC-SHA-256 under the installation's key, cut to 128 bits.
///
/// RFC 2104 permits the cut down to half of the output; equal locators have equal digests, and
/// without the key a digest tells nothing of the locator.
public struct LocatorDigest: Sendable, Hashable, Comparable {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public static func < (lhs: Self, rhs: Self) -> Bool {
    lhs.high == rhs.high ? lhs.low < rhs.low : lhs.high < rhs.high
  }

  public init?(bytes: some Collection<UInt8>) {
    guard let words = Identifier(bytes: bytes) else { return nil }
    self.init(high: words.high, low: words.low)
  }

  public var bytes: [UInt8] { Identifier(high: high, low: low).bytes }
}
