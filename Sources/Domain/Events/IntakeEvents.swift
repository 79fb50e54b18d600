/// A hosting service is known from now on.
public struct ProviderRegistered: TypedEvent {
  public static var type: EventType { .providerRegistered }
  public let provider: ID<Provider>
  public let pack: String?
  public let name: String?

  public init(provider: ID<Provider>, pack: String?, name: String?) {
    self.provider = provider
    self.pack = pack
    self.name = name
  }

  public var subject: Identifier { provider.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    guard let pack else { return }
    json.key("pack")
    json.string(pack)
  }

  // A registrable domain can be a person's name, so it stands in the erasable part.
  public func writePersonal(_ json: inout JSONWriter) {
    guard let name else { return }
    json.key("name")
    json.string(name)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    provider = ID(subject)
    pack = try facts.optionalText("pack")
    name = try personal?.optionalText("name")
  }
}

/// A joint action begins.
public struct OperationOpened: TypedEvent {
  public static var type: EventType { .operationOpened }
  public let operation: ID<Operation>
  public let agency: ID<Agency>
  /// Keyed digest of the name: an agency has no two operations of one name.
  public let nameDigest: [UInt8]
  public let name: String?

  public init(operation: ID<Operation>, agency: ID<Agency>, nameDigest: [UInt8], name: String?) {
    self.operation = operation
    self.agency = agency
    self.nameDigest = nameDigest
    self.name = name
  }

  public var subject: Identifier { operation.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("agency")
    json.identifier(agency.identifier)
    json.key("name_digest")
    json.hex(nameDigest)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    guard let name else { return }
    json.key("name")
    json.string(name)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    operation = ID(subject)
    agency = ID(try facts.identifier("agency"))
    nameDigest = try facts.bytes(hex: "name_digest")
    name = try personal?.optionalText("name")
  }
}

/// A file of addresses is being put on record.
public struct ImportOpened: TypedEvent {
  public static var type: EventType { .importOpened }
  public let importID: ID<Import>
  public let owner: ID<Agency>
  public let operation: ID<Operation>?
  public let format: String
  /// SHA-256 of the whole input, by which an interrupted import is found again.
  public let digest: [UInt8]
  public let fileName: String?

  public init(
    importID: ID<Import>, owner: ID<Agency>, operation: ID<Operation>?, format: String, digest: [UInt8],
    fileName: String?
  ) {
    self.importID = importID
    self.owner = owner
    self.operation = operation
    self.format = format
    self.digest = digest
    self.fileName = fileName
  }

  public var subject: Identifier { importID.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("digest")
    json.hex(digest)
    json.key("format")
    json.string(format)
    if let operation {
      json.key("operation")
      json.identifier(operation.identifier)
    }
    json.key("owner")
    json.identifier(owner.identifier)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    guard let fileName else { return }
    json.key("file_name")
    json.string(fileName)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    importID = ID(subject)
    owner = ID(try facts.identifier("owner"))
    operation = try facts.optionalIdentifier("operation").map { ID($0) }
    format = try facts.text("format")
    digest = try facts.bytes(hex: "digest")
    fileName = try personal?.optionalText("file_name")
  }
}

/// Every line of a file is on record or was rejected.
public struct ImportFinished: TypedEvent {
  public static var type: EventType { .importFinished }
  public let importID: ID<Import>
  public let lines: Int64
  public let rejected: Int64

  public init(importID: ID<Import>, lines: Int64, rejected: Int64) {
    self.importID = importID
    self.lines = lines
    self.rejected = rejected
  }

  public var subject: Identifier { importID.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("lines")
    json.integer(lines)
    json.key("rejected")
    json.integer(rejected)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    importID = ID(subject)
    lines = try facts.integer("lines")
    rejected = try facts.integer("rejected")
  }
}
