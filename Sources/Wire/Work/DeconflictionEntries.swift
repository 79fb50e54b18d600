public import Domain

/// An entry of `POST /api/v1/deconflictions`; `clear` stands beside `entries`.
public struct DeconflictionEntry: WorkEntry, Hashable {
  public static let members = ["item"]
  public static let terms = ["clear"]

  public let item: ID<Item>
  /// Whether the item is to be cleared at once where nothing speaks against it.
  public let clear: Bool

  public init(_ json: MessageReader, terms: MessageReader) throws(MessageFault) {
    item = try json.id("item")
    clear = try terms.optionalBoolean("clear") ?? false
  }
}

/// An entry of `POST /api/v1/clearances`.
public struct ClearanceEntry: WorkEntry, Hashable {
  public static let members = ["item"]

  public let item: ID<Item>

  public init(_ json: MessageReader, terms: MessageReader) throws(MessageFault) {
    item = try json.id("item")
  }
}

/// An entry of `POST /api/v1/hold-overrides`.
public struct OverrideEntry: WorkEntry, Hashable {
  public static let members = ["hold", "item", "reason"]

  public let item: ID<Item>
  /// The journal index of the hold.
  public let hold: Int64
  public let reason: String

  public init(_ json: MessageReader, terms: MessageReader) throws(MessageFault) {
    item = try json.id("item")
    hold = try json.integer("hold")
    reason = try json.text("reason")
  }
}

/// The body of `POST /api/v1/interests`.
public struct InterestMessage: Sendable, Hashable {
  public let address: String
  public let until: Instant
  public let note: String?

  public init(parsing body: [UInt8]) throws(MessageFault) {
    let json = try MessageReader(parsing: body)
    try json.refuseUnknown(known: ["address", "note", "until"])
    address = try json.text("address")
    until = try json.instant("until")
    note = try json.optionalText("note")
  }
}
