public import Domain

/// The body of `POST /api/v1/items`: one report, or `{"items": […]}` with up to a thousand.
public struct ReportMessage: Sendable, Hashable {
  public let reports: [Report]
  public let operation: String?
  public let handling: HandlingCode
  public let sharing: Sharing

  /// One address as it was sent.
  public struct Report: Sendable, Hashable {
    public let address: String
    public let kind: ItemKind?
    public let note: String?
    public let statedAt: String?
    public let statedSource: String?
  }

  /// Reads a body; throws ``MessageFault`` naming the member that is wrong.
  public init(parsing body: [UInt8], mostReports: Int) throws(MessageFault) {
    let json: JSONObject
    do { json = try JSONObject(parsing: body) } catch { throw MessageFault(error) }
    let reports: [JSONObject]
    switch json["items"] {
    case nil: reports = [json]
    case .array(let values)?: reports = try values.map(Self.object)
    default: throw MessageFault("`items` must be an array of objects")
    }
    guard (1...mostReports).contains(reports.count) else {
      throw MessageFault("`items` must hold 1 to \(mostReports) reports, not \(reports.count)")
    }
    try Self.refuseUnknown(
      in: json, known: json["items"] == nil ? Self.termKeys + Self.reportKeys : Self.termKeys + ["items"])
    if json["items"] != nil { for report in reports { try Self.refuseUnknown(in: report, known: Self.reportKeys) } }
    self.reports = try reports.map(Self.report)
    operation = try Self.text("operation", of: json)
    handling = try Self.code("handling", of: json) ?? .h0
    sharing = try Self.code("sharing", of: json) ?? .owner
  }

  private static let termKeys = ["handling", "operation", "sharing"]
  private static let reportKeys = ["address", "kind", "note", "stated_at", "stated_source"]

  private static func object(_ value: JSONValue) throws(MessageFault) -> JSONObject {
    guard case .object(let object) = value else { throw MessageFault("`items` must be an array of objects") }
    return object
  }

  // A misspelt member would otherwise be lost without a word.
  private static func refuseUnknown(in json: JSONObject, known: [String]) throws(MessageFault) {
    for member in json.members where !known.contains(member.key) {
      throw MessageFault("there is no member `\(member.key)`; known are \(known.sorted().joined(separator: ", "))")
    }
  }

  private static func report(_ json: JSONObject) throws(MessageFault) -> Report {
    guard let address = try text("address", of: json), !address.isEmpty else {
      throw MessageFault("every report needs an `address`")
    }
    return Report(
      address: address, kind: try code("kind", of: json), note: try text("note", of: json),
      statedAt: try text("stated_at", of: json), statedSource: try text("stated_source", of: json))
  }

  private static func text(_ key: String, of json: JSONObject) throws(MessageFault) -> String? {
    let text: String?
    do { text = try json.optionalText(key) } catch { throw MessageFault(error) }
    guard text?.utf8.contains(0) != true else { throw MessageFault("`\(key)` must not hold the character NUL") }
    return text
  }

  private static func code<Code: RawRepresentable & CaseIterable>(
    _ key: String, of json: JSONObject
  ) throws(MessageFault) -> Code? where Code.RawValue == String {
    guard let text = try text(key, of: json) else { return nil }
    guard let code = Code(rawValue: text) else {
      throw MessageFault("`\(key)` must be one of \(Code.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return code
  }
}

/// The body of `POST /api/v1/sessions`.
public struct SignInMessage: Sendable {
  public let name: String
  public let password: String

  public init(parsing body: [UInt8]) throws(MessageFault) {
    do {
      let json = try JSONObject(parsing: body)
      name = try json.text("name")
      password = try json.text("password")
    } catch {
      throw MessageFault(error)
    }
  }
}

/// What is wrong with a body, in a sentence.
public struct MessageFault: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }

  init(_ fault: JSONFault) {
    switch fault {
    case .syntax(let position): self.init("the body is not JSON: it goes wrong at byte \(position)")
    case .tooDeep: self.init("the body is nested too deep")
    case .notAnInteger(let position): self.init("the number at byte \(position) is not an integer")
    case .notAnObject: self.init("the body must be one JSON object")
    case .repeatedKey(let key): self.init("the member `\(key)` is there twice")
    case .missing(let key): self.init("the member `\(key)` is missing")
    case .wrongType(let key): self.init("the member `\(key)` has the wrong type")
    }
  }
}
