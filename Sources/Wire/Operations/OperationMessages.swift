public import Domain

/// The body of what opens something under a name: `POST /api/v1/operations` and `/api/v1/operations/{id}/agencies`.
public struct NameMessage: Sendable, Hashable {
  public let name: String

  public init(parsing body: [UInt8]) throws(MessageFault) {
    let json = try MessageReader(parsing: body)
    try json.refuseUnknown(known: ["name"])
    name = try json.text("name")
  }
}

/// The body of `PUT /api/v1/operations/{id}/h-hour`.
public struct HHourMessage: Sendable, Hashable {
  /// Nil calls it off; then too the member has to be there.
  public let at: Instant?

  public init(parsing body: [UInt8]) throws(MessageFault) {
    let json = try MessageReader(parsing: body)
    try json.refuseUnknown(known: ["at"])
    guard json.has("at") else { throw MessageFault(.missing("at")) }
    at = try json.optionalInstant("at")
  }
}

/// An operation as the HTTP API and `--json` show it.
public enum OperationMessage {
  public static func write(_ operation: Operation, to json: inout JSONWriter) {
    json.object { json in
      json.key("agency")
      json.identifier(operation.agency.identifier)
      json.key("h_hour")
      json.optional(operation.hHour)
      json.key("id")
      json.identifier(operation.id.identifier)
      json.key("name")
      json.optional(operation.name)
      json.key("opened_at")
      json.instant(operation.openedAt)
    }
  }
}

/// A provider, where it stands beside something else.
public enum ProviderMessage {
  public static func write(_ provider: Provider, to json: inout JSONWriter) {
    json.object { json in
      json.key("id")
      json.identifier(provider.id.identifier)
      json.key("name")
      json.optional(provider.name)
      json.key("pack")
      json.optional(provider.pack)
    }
  }
}

extension JSONWriter {
  mutating func optional(_ text: String?) { if let text { string(text) } else { null() } }

  mutating func optional(_ value: Instant?) { if let value { instant(value) } else { null() } }

  mutating func optional(_ value: Int64?) { if let value { integer(value) } else { null() } }

  mutating func optional<Subject>(_ id: ID<Subject>?) { if let id { identifier(id.identifier) } else { null() } }
}
