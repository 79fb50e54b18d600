/// A file of the law: what is on record about one order, copy, hold or complaint, folded from its events.
///
/// It is a pure machine. ``decide(_:under:rules:)`` says what a command leads to, as changes, or why not;
/// ``apply(_:at:)`` folds a change that was recorded. Nothing else changes a file: the journal's events of one subject,
/// in their order, are the file.
public protocol LegalFile: Sendable, Hashable {
  /// What somebody asks to happen.
  associatedtype Command: Sendable, Hashable
  /// What happened; each is one event.
  associatedtype Change: LegalChange
  /// What the transaction has read elsewhere: who asks, when, and what is on record beside the file.
  associatedtype Circumstances: Sendable
  /// The rules that stand between a command and a change.
  associatedtype Rule: Hashable, Sendable, CaseIterable

  static var kind: LegalFileKind { get }

  /// The changes that open a file; throws for a command that opens none.
  static func open(
    _ command: Command, under circumstances: Circumstances, rules: Rules<Rule>
  ) throws(LegalFault) -> [Change]

  /// The file after its first change; nil for a change that opens none.
  init?(opening change: Change, at mark: ChangeMark)

  /// The changes that the command leads to; throws where a rule refuses it.
  func decide(
    _ command: Command, under circumstances: Circumstances, rules: Rules<Rule>
  ) throws(LegalFault) -> [Change]

  /// Folds a change that is on record.
  mutating func apply(_ change: Change, at mark: ChangeMark)
}

/// The kinds of file; the raw value stands in tables and addresses.
public enum LegalFileKind: String, Sendable, Hashable, CaseIterable {
  case order
  case scrutiny
  case preservation
  case complaint
  case challenge
  case threat
}

/// Where a change stands in the journal.
public struct ChangeMark: Sendable, Hashable {
  public let index: Int64
  public let at: Instant
  public let actor: Identifier

  public init(index: Int64, at: Instant, actor: Identifier) {
    self.index = index
    self.at = at
    self.actor = actor
  }
}

/// What happened to a file: the payload of one event.
///
/// `facts` hold what the machine decides by; `personal` may be erased, and reading must do without it.
public protocol LegalChange: Sendable, Hashable {
  var type: EventType { get }
  /// Writes the members of the facts, keys ascending.
  func writeFacts(_ json: inout JSONWriter)
  /// Writes the members of the personal part, keys ascending.
  func writePersonal(_ json: inout JSONWriter)
  init(type: EventType, facts: JSONObject, personal: JSONObject?) throws(JSONFault)
  /// What lists and alarms need to know of it.
  var effect: FileEffect { get }
}

/// What a change does to the tables that list files and their clocks.
public struct FileEffect: Sendable, Hashable {
  /// What a file is about, said once by the change that opens it.
  public struct Opening: Sendable, Hashable {
    public let kind: LegalFileKind
    /// The agency whose file it is.
    public let agency: ID<Agency>
    public let item: ID<Item>?
    public let provider: ID<Provider>?
    /// The file that it belongs to: the order of a copy, of a hold, of a complaint.
    public let parent: Identifier?
    /// The reference by which others name it; erasable.
    public let reference: String?

    public init(
      kind: LegalFileKind, agency: ID<Agency>, item: ID<Item>? = nil, provider: ID<Provider>? = nil,
      parent: Identifier? = nil, reference: String? = nil
    ) {
      self.kind = kind
      self.agency = agency
      self.item = item
      self.provider = provider
      self.parent = parent
      self.reference = reference
    }
  }

  public var opening: Opening?
  /// The code of the state that it leads to; nil where the state stays.
  public var state: String?
  /// A clock that runs already starts anew.
  public var starts: [RunningClock]
  public var stops: [LegalClock]

  public init(
    opening: Opening? = nil, state: String? = nil, starts: [RunningClock] = [], stops: [LegalClock] = []
  ) {
    self.opening = opening
    self.state = state
    self.starts = starts
    self.stops = stops
  }
}

/// An event of a file.
public struct LegalEvent<Change: LegalChange>: FileEvent {
  public let subject: Identifier
  public let change: Change

  public init(subject: Identifier, change: Change) {
    self.subject = subject
    self.change = change
  }

  public var type: EventType { change.type }
  public var effect: FileEffect { change.effect }
  public func writeFacts(_ json: inout JSONWriter) { change.writeFacts(&json) }
  public func writePersonal(_ json: inout JSONWriter) { change.writePersonal(&json) }

  public init(
    type: EventType, subject: Identifier, facts: JSONObject, personal: JSONObject?
  ) throws(JSONFault) {
    self.subject = subject
    change = try Change(type: type, facts: facts, personal: personal)
  }
}

/// Lets code that does not know a file's machine see what its events do to the tables.
public protocol FileEvent: Event {
  var effect: FileEffect { get }
}
