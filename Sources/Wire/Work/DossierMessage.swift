public import Domain

/// An item in a queue, as the HTTP API and `--json` show it.
public struct QueuedItemMessage: Sendable, Hashable {
  public let id: ID<Item>
  /// The journal index of its first report, by which pages are turned.
  public let index: Int64
  public let locator: String?
  public let operation: ID<Operation>?
  public let owner: ID<Agency>
  public let provider: ID<Provider>
  public let work: WorkMessage

  public init(
    id: ID<Item>, index: Int64, locator: String?, operation: ID<Operation>?, owner: ID<Agency>,
    provider: ID<Provider>, work: WorkMessage
  ) {
    self.id = id
    self.index = index
    self.locator = locator
    self.operation = operation
    self.owner = owner
    self.provider = provider
    self.work = work
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("id")
      json.identifier(id.identifier)
      json.key("journal_index")
      json.integer(index)
      json.key("locator")
      json.optional(locator)
      json.key("operation")
      json.optional(operation)
      json.key("owner")
      json.identifier(owner.identifier)
      json.key("provider")
      json.identifier(provider.identifier)
      json.key("work")
      work.write(to: &json)
    }
  }
}

/// The reply to `GET /api/v1/items/{id}/history`: everything that is known of an item, and what may be done next.
public struct DossierMessage: Sendable {
  public struct Entry: Sendable, Hashable {
    public let header: EventHeader
    public let actorName: String?
    /// Canonical JSON, as the leaf commits to it.
    public let facts: String
    /// The same of the personal part; nil where there is none or it was erased.
    public let personal: String?

    public init(header: EventHeader, actorName: String?, facts: String, personal: String?) {
      self.header = header
      self.actorName = actorName
      self.facts = facts
      self.personal = personal
    }
  }

  public struct Step: Sendable, Hashable {
    public let name: String
    /// Nil where it can be done.
    public let obstacle: String?

    public init(name: String, obstacle: String?) {
      self.name = name
      self.obstacle = obstacle
    }
  }

  public let item: Item
  public let operation: Operation?
  public let provider: Provider?
  public let work: WorkMessage
  public let steps: [Step]
  /// Oldest first.
  public let history: [Entry]

  public init(
    item: Item, operation: Operation?, provider: Provider?, work: WorkMessage, steps: [Step], history: [Entry]
  ) {
    self.item = item
    self.operation = operation
    self.provider = provider
    self.work = work
    self.steps = steps
    self.history = history
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("history")
      json.array { json in for entry in history { Self.write(entry, to: &json) } }
      json.key("item")
      ItemMessage.write(item, to: &json)
      json.key("operation")
      if let operation { OperationMessage.write(operation, to: &json) } else { json.null() }
      json.key("provider")
      if let provider { ProviderMessage.write(provider, to: &json) } else { json.null() }
      json.key("steps")
      json.array { json in
        for step in steps {
          json.object { json in
            json.key("obstacle")
            json.optional(step.obstacle)
            json.key("step")
            json.string(step.name)
          }
        }
      }
      json.key("work")
      work.write(to: &json)
    }
  }

  private static func write(_ entry: Entry, to json: inout JSONWriter) {
    json.object { json in
      json.key("actor")
      json.identifier(entry.header.actor)
      json.key("actor_name")
      json.optional(entry.actorName)
      json.key("at")
      json.instant(entry.header.at)
      json.key("facts")
      json.string(entry.facts)
      json.key("journal_index")
      json.integer(entry.header.index)
      json.key("personal")
      json.optional(entry.personal)
      json.key("type")
      json.string(entry.header.type)
    }
  }
}
