public import Domain

/// One thing that is to be done about an item, as a request or a line of JSON says it.
public protocol WorkEntry: Sendable {
  /// The members of an entry.
  static var members: [String] { get }
  /// The members that stand beside `entries` and hold for all of them.
  static var terms: [String] { get }

  var item: ID<Item> { get }

  /// Reads an entry whose members are known ones.
  init(_ json: MessageReader, terms: MessageReader) throws(MessageFault)
}

extension WorkEntry {
  public static var terms: [String] { [] }
}

/// The body of a request about items: one entry, or `{"entries":[…]}` with up to a thousand.
public struct EntryList<Entry: WorkEntry>: Sendable {
  public let entries: [Entry]
  /// Whether the body was one entry by itself: then what is refused is the whole request.
  public let isSingle: Bool

  /// Reads a body; throws ``MessageFault`` naming the entry and the member that is wrong.
  public init(parsing body: [UInt8], mostEntries: Int) throws(MessageFault) {
    let json = try MessageReader(parsing: body)
    isSingle = !json.has("entries")
    if isSingle {
      try json.refuseUnknown(known: Entry.members + Entry.terms)
      entries = [try Entry(json, terms: json)]
    } else {
      try json.refuseUnknown(known: Entry.terms + ["entries"])
      entries = try json.each("entries", most: mostEntries, "entries") { entry throws(MessageFault) in
        try entry.refuseUnknown(known: Entry.members)
        return try Entry(entry, terms: json)
      }
    }
  }
}
