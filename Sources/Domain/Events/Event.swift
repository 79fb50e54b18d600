/// Something that happened, as the journal keeps it.
///
/// `facts` hold identifiers, codes, instants, counts and keyed digests and are never erased; state
/// machines, unique keys and figures read only them. `personal` holds names, addresses and free
/// text and can be erased; nothing that the program decides may depend on it.
public protocol Event: Sendable {
  /// The type that it is recorded under.
  var type: EventType { get }
  /// The version of the two payloads' layout; older ones are read for ever.
  static var version: Int { get }
  /// What it happened to.
  var subject: Identifier { get }
  /// Writes the members of the facts, keys ascending.
  func writeFacts(_ json: inout JSONWriter)
  /// Writes the members of the personal part, keys ascending; writes nothing where there is none.
  func writePersonal(_ json: inout JSONWriter)
  /// Reads back what was recorded under the type. `personal` is nil where it was erased or never was.
  init(type: EventType, subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault)
}

extension Event {
  public static var version: Int { 1 }
  public func writePersonal(_ json: inout JSONWriter) {}
}

/// An event whose Swift type stands for one type of event; a file's changes share one instead (``LegalEvent``).
public protocol TypedEvent: Event {
  static var type: EventType { get }
  init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault)
}

extension TypedEvent {
  public var type: EventType { Self.type }

  public init(
    type: EventType, subject: Identifier, facts: JSONObject, personal: JSONObject?
  ) throws(JSONFault) {
    try self.init(subject: subject, facts: facts, personal: personal)
  }
}

/// What a leaf says in clear beside the two commitments.
public struct EventHeader: Sendable, Hashable {
  public let index: Int64
  public let at: Instant
  public let type: String
  public let version: Int
  public let actor: Identifier
  public let subject: Identifier

  public init(index: Int64, at: Instant, type: String, version: Int, actor: Identifier, subject: Identifier) {
    self.index = index
    self.at = at
    self.type = type
    self.version = version
    self.actor = actor
    self.subject = subject
  }
}

/// An event at its place in the journal.
public struct RecordedEvent: Sendable {
  public let header: EventHeader
  public let event: any Event

  public init(header: EventHeader, event: any Event) {
    self.header = header
    self.event = event
  }
}
