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
    let json = try MessageReader(parsing: body)
    if json.has("items") {
      let reports = try json.objects("items", most: mostReports, "reports")
      try json.refuseUnknown(known: Self.termKeys + ["items"])
      for report in reports { try report.refuseUnknown(known: Self.reportKeys) }
      self.reports = try reports.map(Self.report)
    } else {
      try json.refuseUnknown(known: Self.termKeys + Self.reportKeys)
      reports = [try Self.report(json)]
    }
    operation = try json.optionalText("operation")
    handling = try json.optionalCode("handling") ?? .h0
    sharing = try json.optionalCode("sharing") ?? .owner
  }

  private static let termKeys = ["handling", "operation", "sharing"]
  private static let reportKeys = ["address", "kind", "note", "stated_at", "stated_source"]

  private static func report(_ json: MessageReader) throws(MessageFault) -> Report {
    guard let address = try json.optionalText("address"), !address.isEmpty else {
      throw MessageFault("every report needs an `address`")
    }
    return Report(
      address: address, kind: try json.optionalCode("kind"), note: try json.optionalText("note"),
      statedAt: try json.optionalText("stated_at"), statedSource: try json.optionalText("stated_source"))
  }
}

/// The body of `POST /api/v1/sessions`.
public struct SignInMessage: Sendable {
  public let name: String
  public let password: String

  public init(parsing body: [UInt8]) throws(MessageFault) {
    let json = try MessageReader(parsing: body)
    try json.refuseUnknown(known: ["name", "password"])
    name = try json.text("name")
    password = try json.text("password")
  }
}
