import Domain

/// The reply to `POST /api/v1/answers`: what became of each answer, in the order in which they came.
public struct AnswersReply: Sendable, Hashable {
  public struct Result: Sendable, Hashable {
    public let idempotencyKey: String
    /// `recorded`, `repeated`, `unknown` or `unexpected`.
    public let result: String

    public init(idempotencyKey: String, result: String) {
      self.idempotencyKey = idempotencyKey
      self.result = result
    }
  }

  public let results: [Result]

  public init(results: [Result]) { self.results = results }

  public var json: [UInt8] {
    var json = JSONWriter(reserving: 64 + 96 * results.count)
    json.object { json in
      json.key("results")
      json.array { json in
        for result in results {
          json.object { json in
            json.key("idempotency_key")
            json.string(result.idempotencyKey)
            json.key("result")
            json.string(result.result)
          }
        }
      }
    }
    return json.finish()
  }
}

/// The body of `POST /api/v1/providers/{pack}/desk`.
public struct DeskMessage: Sendable, Hashable {
  /// The name of the user who answers for the provider.
  public let user: String

  public init(parsing body: [UInt8]) throws(MessageFault) {
    let json = try MessageReader(parsing: body)
    try json.refuseUnknown(known: ["user"])
    user = try json.text("user")
  }
}
