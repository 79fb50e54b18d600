public import Domain

/// Counts under the names of what was counted.
public struct FiguresMessage: Sendable {
  private let counts: [(name: StaticString, count: Int64)]

  /// Names are ASCII, each once; their order does not matter.
  public init(_ counts: [(name: StaticString, count: Int64)]) {
    self.counts = counts.sorted { "\($0.name)" < "\($1.name)" }
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      for (name, count) in counts {
        json.key(name)
        json.integer(count)
      }
    }
  }
}

/// The reply to `GET /api/v1/operations/{id}/board`.
public struct BoardMessage: Sendable {
  public struct Part: Sendable {
    public let provider: Provider
    public let figures: FiguresMessage

    public init(provider: Provider, figures: FiguresMessage) {
      self.provider = provider
      self.figures = figures
    }
  }

  public let operation: Operation
  public let participants: [Agency]
  public let providers: [Part]
  public let total: FiguresMessage
  /// How many entries the journal had, and when it got the last.
  public let journalSize: Int64
  public let at: Instant

  public init(
    operation: Operation, participants: [Agency], providers: [Part], total: FiguresMessage, journalSize: Int64,
    at: Instant
  ) {
    self.operation = operation
    self.participants = participants
    self.providers = providers
    self.total = total
    self.journalSize = journalSize
    self.at = at
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("at")
      json.instant(at)
      json.key("journal_size")
      json.integer(journalSize)
      json.key("operation")
      OperationMessage.write(operation, to: &json)
      json.key("participants")
      json.array { json in
        for agency in participants {
          json.object { json in
            json.key("id")
            json.identifier(agency.id.identifier)
            json.key("name")
            json.optional(agency.name)
          }
        }
      }
      json.key("providers")
      json.array { json in
        for part in providers {
          json.object { json in
            json.key("figures")
            part.figures.write(to: &json)
            json.key("provider")
            ProviderMessage.write(part.provider, to: &json)
          }
        }
      }
      json.key("total")
      total.write(to: &json)
    }
  }
}

/// How one provider does, as `GET /api/v1/operations/{id}/scorecards` shows it.
public struct ScorecardMessage: Sendable {
  public let provider: Provider
  public let figures: FiguresMessage
  /// Median seconds from delivery; null where there is none.
  public let medianToAnswer: Int64?
  public let medianToSeenGone: Int64?

  public init(provider: Provider, figures: FiguresMessage, medianToAnswer: Int64?, medianToSeenGone: Int64?) {
    self.provider = provider
    self.figures = figures
    self.medianToAnswer = medianToAnswer
    self.medianToSeenGone = medianToSeenGone
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("figures")
      figures.write(to: &json)
      json.key("median_seconds_to_answer")
      json.optional(medianToAnswer)
      json.key("median_seconds_to_seen_gone")
      json.optional(medianToSeenGone)
      json.key("provider")
      ProviderMessage.write(provider, to: &json)
    }
  }
}
