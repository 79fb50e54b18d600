/// A program may act as a user with this token from now on.
public struct TokenCreated: TypedEvent {
  public static var type: EventType { .tokenCreated }
  public let token: ID<AccessToken>
  public let user: ID<User>
  /// SHA-256 of the token's 256-bit secret.
  public let digest: [UInt8]
  public let expiresAt: Instant?
  public let label: String?

  public init(token: ID<AccessToken>, user: ID<User>, digest: [UInt8], expiresAt: Instant?, label: String?) {
    self.token = token
    self.user = user
    self.digest = digest
    self.expiresAt = expiresAt
    self.label = label
  }

  public var subject: Identifier { token.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("digest")
    json.hex(digest)
    if let expiresAt {
      json.key("expires_at")
      json.instant(expiresAt)
    }
    json.key("user")
    json.identifier(user.identifier)
  }

  public func writePersonal(_ json: inout JSONWriter) {
    guard let label else { return }
    json.key("label")
    json.string(label)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    token = ID(subject)
    user = ID(try facts.identifier("user"))
    digest = try facts.bytes(hex: "digest")
    expiresAt = facts["expires_at"] == nil ? nil : try facts.instant("expires_at")
    label = try personal?.optionalText("label")
  }
}

/// A token stops working at once.
public struct TokenRevoked: TypedEvent {
  public static var type: EventType { .tokenRevoked }
  public let token: ID<AccessToken>

  public init(token: ID<AccessToken>) { self.token = token }

  public var subject: Identifier { token.identifier }
  public func writeFacts(_ json: inout JSONWriter) {}

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    token = ID(subject)
  }
}

/// A person signed in.
public struct SessionOpened: TypedEvent {
  public static var type: EventType { .sessionOpened }
  public let session: ID<Session>
  public let user: ID<User>
  /// SHA-256 of the session's 256-bit secret.
  public let digest: [UInt8]
  public let expiresAt: Instant

  public init(session: ID<Session>, user: ID<User>, digest: [UInt8], expiresAt: Instant) {
    self.session = session
    self.user = user
    self.digest = digest
    self.expiresAt = expiresAt
  }

  public var subject: Identifier { session.identifier }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("digest")
    json.hex(digest)
    json.key("expires_at")
    json.instant(expiresAt)
    json.key("user")
    json.identifier(user.identifier)
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    session = ID(subject)
    user = ID(try facts.identifier("user"))
    digest = try facts.bytes(hex: "digest")
    expiresAt = try facts.instant("expires_at")
  }
}

/// A person signed out.
public struct SessionClosed: TypedEvent {
  public static var type: EventType { .sessionClosed }
  public let session: ID<Session>

  public init(session: ID<Session>) { self.session = session }

  public var subject: Identifier { session.identifier }
  public func writeFacts(_ json: inout JSONWriter) {}

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    session = ID(subject)
  }
}

/// A request with an idempotency key was carried out; asked again, it gets the same answer.
public struct RequestAnswered: TypedEvent {
  public static var type: EventType { .requestAnswered }
  public let request: Identifier
  public let caller: ID<User>
  /// SHA-256 of the caller's key.
  public let keyDigest: [UInt8]
  /// SHA-256 of method, path and body: another body under the same key is refused.
  public let bodyDigest: [UInt8]
  public let status: Int
  /// The reply's exact text; it holds identifiers and codes only.
  public let reply: String

  public init(
    request: Identifier, caller: ID<User>, keyDigest: [UInt8], bodyDigest: [UInt8], status: Int, reply: String
  ) {
    self.request = request
    self.caller = caller
    self.keyDigest = keyDigest
    self.bodyDigest = bodyDigest
    self.status = status
    self.reply = reply
  }

  public var subject: Identifier { request }

  public func writeFacts(_ json: inout JSONWriter) {
    json.key("body_digest")
    json.hex(bodyDigest)
    json.key("caller")
    json.identifier(caller.identifier)
    json.key("key_digest")
    json.hex(keyDigest)
    json.key("reply")
    json.string(reply)
    json.key("status")
    json.integer(Int64(status))
  }

  public init(subject: Identifier, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
    request = subject
    caller = ID(try facts.identifier("caller"))
    keyDigest = try facts.bytes(hex: "key_digest")
    bodyDigest = try facts.bytes(hex: "body_digest")
    status = Int(try facts.integer("status"))
    reply = try facts.text("reply")
  }
}
