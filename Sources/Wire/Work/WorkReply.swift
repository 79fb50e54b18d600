public import Domain

/// The reply to a request about items: what became of each entry, in the order in which they came.
public struct WorkReply: Sendable, Hashable {
  public struct Result: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
      /// On record, with the journal index of its event.
      case recorded(Int64)
      /// With the code of the problem that it would have been by itself, and what to do.
      case refused(code: String, detail: String)
    }

    public let item: ID<Item>
    public let outcome: Outcome

    public init(item: ID<Item>, outcome: Outcome) {
      self.item = item
      self.outcome = outcome
    }

    public func write(to json: inout JSONWriter) {
      json.object { json in
        if case .refused(let code, let detail) = outcome {
          json.key("code")
          json.string(code)
          json.key("detail")
          json.string(detail)
        }
        json.key("item")
        json.identifier(item.identifier)
        switch outcome {
        case .recorded(let index):
          json.key("journal_index")
          json.integer(index)
          json.key("outcome")
          json.string("recorded")
        case .refused:
          json.key("outcome")
          json.string("refused")
        }
      }
    }
  }

  public let results: [Result]

  public init(results: [Result]) { self.results = results }

  public var json: [UInt8] {
    var json = JSONWriter(reserving: 64 + 128 * results.count)
    json.object { json in
      json.key("results")
      json.array { json in for result in results { result.write(to: &json) } }
    }
    return json.finish()
  }
}

/// The reply to what made something: its identifier.
public struct CreatedReply: Sendable, Hashable {
  public let id: Identifier

  public init(id: Identifier) { self.id = id }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("id")
      json.identifier(id)
    }
  }
}
