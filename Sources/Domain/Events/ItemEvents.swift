/// Where a report came from: a line of an import, or nothing more than the actor says.
public struct ReportSource: Sendable, Hashable {
  public let importID: ID<Import>
  public let line: Int64

  public init(importID: ID<Import>, line: Int64) {
    self.importID = importID
    self.line = line
  }
}

/// What was said beside an address, as it was written.
public struct ReportRemarks: Sendable, Hashable {
  public let note: String?
  /// When the reporter says to have seen it; nobody has read it as an instant.
  public let statedAt: String?
  /// Who or what the reporter says it comes from.
  public let statedSource: String?

  public init(note: String? = nil, statedAt: String? = nil, statedSource: String? = nil) {
    self.note = note
    self.statedAt = statedAt
    self.statedSource = statedSource
  }

  fileprivate init(_ personal: JSONObject?) throws(JSONFault) {
    note = try personal?.optionalText("note")
    statedAt = try personal?.optionalText("stated_at")
    statedSource = try personal?.optionalText("stated_source")
  }

  /// Writes what there is, with the address as it was given in its place of the order.
  fileprivate func write(_ json: inout JSONWriter, reportedAs: [UInt8]?) {
    if let note {
      json.key("note")
      json.string(note)
    }
    if let reportedAs {
      json.key("reported_as")
      json.string(utf8: reportedAs)
    }
    if let statedAt {
      json.key("stated_at")
      json.string(statedAt)
    }
    if let statedSource {
      json.key("stated_source")
      json.string(statedSource)
    }
  }
}

/// An address is on record for the first time for its owner.
public struct ItemReported: TypedEvent {
  public static var type: EventType { .itemReported }
  public let item: ID<Item>
  public let owner: ID<Agency>
  public let provider: ID<Provider>
  public let operation: ID<Operation>?
  public let kind: ItemKind
  public let handling: HandlingCode
  public let sharing: Sharing
  public let digest: LocatorDigest
  public let source: ReportSource?
  /// The canonical locator, UTF-8; nil once erased.
  public let locator: [UInt8]?
  /// The address as it was given, where that differs; UTF-8.
  public let reportedAs: [UInt8]?
  public let remarks: ReportRemarks

  public init(
    item: ID<Item>, owner: ID<Agency>, provider: ID<Provider>, operation: ID<Operation>?, kind: ItemKind,
    handling: HandlingCode, sharing: Sharing, digest: LocatorDigest, source: ReportSource?,
    locator: [UInt8]?, reportedAs: [UInt8]?, remarks: ReportRemarks
  ) {
    self.item = item
    self.owner = owner
    self.provider = provider
    self.operation = operation
    self.kind = kind
    self.handling = handling
    self.sharing = sharing
    self.digest = digest
    self.source = source
    self.locator = locator
    self.reportedAs = reportedAs
    self.remarks = remarks
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("handling")
    json.string(handling.rawValue)
    if let source {
      json.key("import")
      json.identifier(source.importID.identifier)
    }
    json.key("kind")
    json.string(kind.rawValue)
    if let source {
      json.key("line")
      json.integer(source.line)
    }
    json.key("locator")
    json.hex(digest.bytes)
    if let operation {
      json.key("operation")
      json.identifier(operation.identifier)
    }
    json.key("owner")
    json.identifier(owner.identifier)
    json.key("provider")
    json.identifier(provider.identifier)
    json.key("sharing")
    json.string(sharing.rawValue)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    if let locator {
      json.key("locator")
      json.string(utf8: locator)
    }
    remarks.write(&json, reportedAs: reportedAs)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    owner = ID(try facts.identifier("owner"))
    provider = ID(try facts.identifier("provider"))
    operation = try facts.optionalIdentifier("operation").map { ID($0) }
    guard let kind = ItemKind(rawValue: try facts.text("kind")) else { throw .wrongType("kind") }
    guard let handling = HandlingCode(rawValue: try facts.text("handling")) else { throw .wrongType("handling") }
    guard let sharing = Sharing(rawValue: try facts.text("sharing")) else { throw .wrongType("sharing") }
    self.kind = kind
    self.handling = handling
    self.sharing = sharing
    digest = try facts.locatorDigest()
    source = try facts.reportSource()
    locator = try personal?.optionalText("locator").map { Array($0.utf8) }
    remarks = try ReportRemarks(personal)
    reportedAs = try personal?.optionalText("reported_as").map { Array($0.utf8) }
  }
}

/// An address that its owner has on record was reported again.
public struct ItemSighted: TypedEvent {
  public static var type: EventType { .itemSighted }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  public let source: ReportSource?
  public let reportedAs: [UInt8]?
  public let remarks: ReportRemarks

  public init(
    item: ID<Item>, reportIndex: Int64, source: ReportSource?, reportedAs: [UInt8]?, remarks: ReportRemarks
  ) {
    self.item = item
    self.reportIndex = reportIndex
    self.source = source
    self.reportedAs = reportedAs
    self.remarks = remarks
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    if let source {
      json.key("import")
      json.identifier(source.importID.identifier)
      json.key("line")
      json.integer(source.line)
    }
    json.key("report_index")
    json.integer(reportIndex)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    remarks.write(&json, reportedAs: reportedAs)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    source = try facts.reportSource()
    reportedAs = try personal?.optionalText("reported_as").map { Array($0.utf8) }
    remarks = try ReportRemarks(personal)
  }
}

/// The personal parts of everything about an item are gone, by law; the facts and every proof stay.
public struct ItemErased: TypedEvent {
  public static var type: EventType { .itemErased }
  public let item: ID<Item>
  /// The journal index of the item's first report.
  public let reportIndex: Int64
  /// The journal indexes whose personal part and its salt were erased.
  public let erased: [Int64]
  /// The article that asks for it, as a code: `led-16`, `gdpr-17`, `retention`.
  public let basis: String

  public init(item: ID<Item>, reportIndex: Int64, erased: [Int64], basis: String) {
    self.item = item
    self.reportIndex = reportIndex
    self.erased = erased
    self.basis = basis
  }

  public var subject: Identifier { item.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("basis")
    json.string(basis)
    json.key("erased")
    json.array { json in
      for index in erased { json.integer(index) }
    }
    json.key("report_index")
    json.integer(reportIndex)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    item = ID(subject)
    reportIndex = try facts.integer("report_index")
    erased = try facts.integers("erased")
    basis = try facts.text("basis")
  }
}

extension JSONObject {
  fileprivate func reportSource() throws(JSONFault) -> ReportSource? {
    guard let importID = try optionalIdentifier("import") else { return nil }
    return ReportSource(importID: ID(importID), line: try integer("line"))
  }
}
