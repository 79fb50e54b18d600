public import Domain

/// An entry of `POST /api/v1/referrals`.
public struct ReferralEntry: WorkEntry, Hashable {
  public static let members = ["clause", "item", "release"]

  public let item: ID<Item>
  /// `at_once`, `h_hour` or an instant.
  public let release: ReleaseMoment
  public let clause: String?

  public init(_ json: MessageReader, terms: MessageReader) throws(MessageFault) {
    item = try json.id("item")
    release = try Self.release(json)
    clause = try json.optionalText("clause")
  }

  private static func release(_ json: MessageReader) throws(MessageFault) -> ReleaseMoment {
    switch try json.optionalText("release") {
    case nil, "at_once"?: return .atOnce
    case "h_hour"?: return .hHour
    case let text?:
      guard let instant = Instant(rfc3339: text) else {
        throw MessageFault("`release` must be at_once, h_hour or an instant such as 2026-11-23T20:30:00Z")
      }
      return .at(instant)
    }
  }
}

/// An entry of `POST /api/v1/retractions`.
public struct RetractionEntry: WorkEntry, Hashable {
  public static let members = ["item", "reason"]

  public let item: ID<Item>
  /// Told to the provider.
  public let reason: String

  public init(_ json: MessageReader, terms: MessageReader) throws(MessageFault) {
    item = try json.id("item")
    reason = try json.text("reason")
  }
}
