public import Domain

/// The reply to `POST /api/v1/items`: what became of each address, in the order in which they came.
///
/// It is kept with its idempotency key and never erased, so it holds identifiers and codes only.
public struct ReportReply: Sendable, Hashable {
  public enum Result: Sendable, Hashable {
    case new(ID<Item>)
    case sighted(ID<Item>)
    /// With a code of the API's own list, and what the code means.
    case rejected(code: String, meaning: String)
  }

  public let results: [Result]

  public init(results: [Result]) { self.results = results }

  /// 200 unless nothing at all was accepted.
  public var status: Int {
    results.allSatisfy { if case .rejected = $0 { true } else { false } } ? 422 : 200
  }

  public var json: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("items_new")
      json.integer(count { if case .new = $0 { true } else { false } })
      json.key("rejected")
      json.integer(count { if case .rejected = $0 { true } else { false } })
      json.key("results")
      json.array { json in for result in results { Self.write(result, to: &json) } }
      json.key("sightings")
      json.integer(count { if case .sighted = $0 { true } else { false } })
    }
    return json.bytes
  }

  private func count(_ isCounted: (Result) -> Bool) -> Int64 { Int64(results.count(where: isCounted)) }

  private static func write(_ result: Result, to json: inout JSONWriter) {
    json.object { json in
      switch result {
      case .new(let id), .sighted(let id):
        json.key("id")
        json.identifier(id.identifier)
        json.key("outcome")
        if case .new = result { json.string("new") } else { json.string("sighted") }
      case .rejected(let code, let meaning):
        json.key("code")
        json.string(code)
        json.key("meaning")
        json.string(meaning)
        json.key("outcome")
        json.string("rejected")
      }
    }
  }
}
