public import Domain

/// What a provider sends back when it has decided: the body of `POST /api/v1/answers`, `{"answers":[…]}`.
public struct AnswerMessage: Sendable, Hashable {
  public struct Answer: Sendable, Hashable {
    /// The referral that is answered.
    public let idempotencyKey: String
    public let outcome: ProviderOutcome
    /// Why, above all where it was refused.
    public let reason: String?
    public let reference: String?
    /// When the provider says that it acted.
    public let decidedAt: Instant

    public init(
      idempotencyKey: String, outcome: ProviderOutcome, reason: String?, reference: String?, decidedAt: Instant
    ) {
      self.idempotencyKey = idempotencyKey
      self.outcome = outcome
      self.reason = reason
      self.reference = reference
      self.decidedAt = decidedAt
    }
  }

  public let answers: [Answer]

  public init(answers: [Answer]) { self.answers = answers }

  public var json: [UInt8] {
    var json = JSONWriter(reserving: 64 + 200 * answers.count)
    json.object { json in
      json.key("answers")
      json.array { json in
        for answer in answers {
          json.object { json in
            json.key("decided_at")
            json.instant(answer.decidedAt)
            json.key("idempotency_key")
            json.string(answer.idempotencyKey)
            json.key("outcome")
            json.string(answer.outcome.rawValue)
            if let reason = answer.reason {
              json.key("reason")
              json.string(reason)
            }
            if let reference = answer.reference {
              json.key("reference")
              json.string(reference)
            }
          }
        }
      }
    }
    return json.finish()
  }

  /// Reads a body; throws ``MessageFault`` naming the answer and the member that is wrong.
  public init(parsing body: [UInt8], mostAnswers: Int) throws(MessageFault) {
    let json = try MessageReader(parsing: body)
    try json.refuseUnknown(known: ["answers"])
    answers = try json.each("answers", most: mostAnswers, "answers") { answer throws(MessageFault) in
      try answer.refuseUnknown(known: Self.members)
      return Answer(
        idempotencyKey: try answer.text("idempotency_key"), outcome: try answer.code("outcome"),
        reason: try answer.optionalText("reason"), reference: try answer.optionalText("reference"),
        decidedAt: try answer.instant("decided_at"))
    }
  }

  private static let members = ["decided_at", "idempotency_key", "outcome", "reason", "reference"]
}
