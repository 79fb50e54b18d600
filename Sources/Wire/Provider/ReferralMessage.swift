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

  /// Reads a body; throws ``MessageFault`` naming the member that is wrong.
  public init(parsing body: [UInt8], mostMessages: Int) throws(MessageFault) {
    do {
      let json = try JSONObject(parsing: body)
      delivery = try json.identifier("delivery")
      sender = try json.text("sender")
      sentAt = try json.instant("sent_at")
      messages = try json.objects("messages").map { json throws(JSONFault) in try ReferralMessage(json) }
    } catch {
      throw MessageFault(error)
    }
    guard (1...mostMessages).contains(messages.count) else {
      throw MessageFault("`messages` must hold 1 to \(mostMessages) messages, not \(messages.count)")
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

  init(_ json: JSONObject) throws(JSONFault) {
    idempotencyKey = try json.text("idempotency_key")
    guard let kind = Kind(rawValue: try json.text("kind")) else { throw .wrongType("kind") }
    self.kind = kind
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

  public init(parsing body: [UInt8]) throws(MessageFault) {
    do {
      results = try JSONObject(parsing: body).objects("results").map { json throws(JSONFault) in
        guard let status = Result.Status(rawValue: try json.text("status")) else { throw .wrongType("status") }
        return Result(
          idempotencyKey: try json.text("idempotency_key"), status: status,
          reference: try json.optionalText("reference"), reason: try json.optionalText("reason"),
          outcome: try json.optionalCode("outcome"))
      }
    } catch {
      throw MessageFault(error)
    }
  }
}
