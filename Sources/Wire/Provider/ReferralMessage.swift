public import Domain

/// What one request to a provider carries: up to the provider's batch of messages, each with its own idempotency key.
///
/// The body is `{"delivery":"…","messages":[…],"sender":"…","sent_at":"…"}`; a webhook carries the same.
public struct ReferralDelivery: Sendable, Hashable {
  public let delivery: Identifier
  /// The unit that sends, and behind it the true originator of each message.
  public let sender: String
  public let sentAt: Instant
  public let messages: [ReferralMessage]

  public init(delivery: Identifier, sender: String, sentAt: Instant, messages: [ReferralMessage]) {
    self.delivery = delivery
    self.sender = sender
    self.sentAt = sentAt
    self.messages = messages
  }

  public var json: [UInt8] {
    var json = JSONWriter(reserving: 256 + 384 * messages.count)
    json.object { json in
      json.key("delivery")
      json.identifier(delivery)
      json.key("messages")
      json.array { json in for message in messages { message.write(to: &json) } }
      json.key("sender")
      json.string(sender)
      json.key("sent_at")
      json.instant(sentAt)
    }
    return json.finish()
  }

  /// Reads a body; throws ``MessageFault`` naming the message and the member that is wrong.
  ///
  /// Members that it does not know are left aside: a sender may be newer than its reader.
  public init(parsing body: [UInt8], mostMessages: Int) throws(MessageFault) {
    let json = try MessageReader(parsing: body)
    delivery = (try json.id("delivery") as ID<Self>).identifier
    sender = try json.text("sender")
    sentAt = try json.instant("sent_at")
    messages = try json.each("messages", most: mostMessages, "messages") { message throws(MessageFault) in
      try ReferralMessage(message)
    }
  }
}

/// One item that a provider is asked to review, or asked to forget again.
public struct ReferralMessage: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case referral
    /// The referral of this key is taken back.
    case retraction
  }

  /// The referral's identifier: however often the message comes, it has one effect. A retraction has the same.
  public let idempotencyKey: String
  public let kind: Kind
  /// The canonical address.
  public let locator: String
  /// The letters of Article 2(7) under which it was assessed.
  public let categories: [ContentCategory]
  /// The clause of the provider's terms that is said to be broken, or the reason of a retraction.
  public let reason: String?
  /// The unit that assessed it.
  public let originator: String

  public init(
    idempotencyKey: String, kind: Kind, locator: String, categories: [ContentCategory], reason: String?,
    originator: String
  ) {
    self.idempotencyKey = idempotencyKey
    self.kind = kind
    self.locator = locator
    self.categories = categories
    self.reason = reason
    self.originator = originator
  }

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("categories")
      json.array { json in for category in categories { json.string(category.rawValue) } }
      json.key("idempotency_key")
      json.string(idempotencyKey)
      json.key("kind")
      json.string(kind.rawValue)
      json.key("locator")
      json.string(locator)
      json.key("originator")
      json.string(originator)
      if let reason {
        json.key("reason")
        json.string(reason)
      }
    }
  }

  init(_ json: MessageReader) throws(MessageFault) {
    idempotencyKey = try json.text("idempotency_key")
    kind = try json.code("kind")
    locator = try json.text("locator")
    categories = try json.codes("categories")
    reason = try json.optionalText("reason")
    originator = try json.text("originator")
  }
}

/// What a provider replies to a delivery at once: `{"results":[…]}`, in the order of the messages.
public struct DeliveryReply: Sendable, Hashable {
  public struct Result: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable, CaseIterable {
      /// It is here and will be looked at.
      case accepted
      /// It was here before; nothing changed.
      case repeated
      /// It can't be processed; the reason says why.
      case rejected
    }

    public let idempotencyKey: String
    public let status: Status
    /// The provider's own number for it.
    public let reference: String?
    public let reason: String?
    /// Set where the provider decides at once.
    public let outcome: ProviderOutcome?

    public init(
      idempotencyKey: String, status: Status, reference: String?, reason: String?, outcome: ProviderOutcome? = nil
    ) {
      self.idempotencyKey = idempotencyKey
      self.status = status
      self.reference = reference
      self.reason = reason
      self.outcome = outcome
    }
  }

  public let results: [Result]

  public init(results: [Result]) { self.results = results }

  public var json: [UInt8] {
    var json = JSONWriter(reserving: 64 + 160 * results.count)
    json.object { json in
      json.key("results")
      json.array { json in
        for result in results {
          json.object { json in
            json.key("idempotency_key")
            json.string(result.idempotencyKey)
            if let outcome = result.outcome {
              json.key("outcome")
              json.string(outcome.rawValue)
            }
            if let reason = result.reason {
              json.key("reason")
              json.string(reason)
            }
            if let reference = result.reference {
              json.key("reference")
              json.string(reference)
            }
            json.key("status")
            json.string(result.status.rawValue)
          }
        }
      }
    }
    return json.finish()
  }

  /// Reads a reply, which is hostile; members that it does not know are left aside.
  public init(parsing body: [UInt8]) throws(MessageFault) {
    let json = try MessageReader(parsing: body)
    results = try json.each("results", least: 0, most: Self.mostResults, "results") { result throws(MessageFault) in
      Result(
        idempotencyKey: try result.text("idempotency_key"), status: try result.code("status"),
        reference: try result.optionalText("reference"), reason: try result.optionalText("reason"),
        outcome: try result.optionalCode("outcome"))
    }
  }

  /// More than any batch of ours.
  private static let mostResults = 10_000
}
