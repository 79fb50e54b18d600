public import Domain

/// The body of `POST /api/v1/outlets`.
public struct NewOutletMessage: Sendable, Hashable {
  public let name: String
  public let operation: ID<Operation>?

  public init(parsing body: [UInt8]) throws(MessageFault) {
    let json = try MessageReader(parsing: body)
    try json.refuseUnknown(known: ["name", "operation"])
    name = try json.text("name")
    operation = try json.optionalID("operation")
  }
}

/// The body of `POST /api/v1/outlets/{id}/observations`: what was seen of it, day by day.
public struct ObservationsMessage: Sendable, Hashable {
  public struct Day: Sendable, Hashable {
    /// The midnight, in UTC, with which it begins.
    public let day: Instant
    public let posts: Int64
    public let accounts: Int64
    public let reach: Int64

    public init(day: Instant, posts: Int64, accounts: Int64, reach: Int64) {
      self.day = day
      self.posts = posts
      self.accounts = accounts
      self.reach = reach
    }
  }

  public let days: [Day]

  public init(parsing body: [UInt8], mostDays: Int) throws(MessageFault) {
    let json = try MessageReader(parsing: body)
    try json.refuseUnknown(known: ["days"])
    days = try json.each("days", most: mostDays, "days") { day throws(MessageFault) in
      try day.refuseUnknown(known: ["accounts", "day", "posts", "reach"])
      return Day(
        day: try day.day("day"), posts: try day.count("posts"), accounts: try day.count("accounts"),
        reach: try day.count("reach"))
    }
  }
}

/// An outlet with what was seen of it, as the HTTP API and `--json` show it.
public enum OutletMessage {
  public static func write(_ outlet: Outlet, days: [ObservationsMessage.Day], to json: inout JSONWriter) {
    json.object { json in
      json.key("agency")
      json.identifier(outlet.agency.identifier)
      json.key("days")
      json.array { json in for day in days { write(day, to: &json) } }
      json.key("id")
      json.identifier(outlet.id.identifier)
      json.key("name")
      json.optional(outlet.name)
      json.key("operation")
      json.optional(outlet.operation)
      json.key("review_at")
      json.instant(outlet.reviewAt)
    }
  }

  private static func write(_ day: ObservationsMessage.Day, to json: inout JSONWriter) {
    json.object { json in
      json.key("accounts")
      json.integer(day.accounts)
      json.key("day")
      json.string(String(day.day.description.prefix(10)))
      json.key("posts")
      json.integer(day.posts)
      json.key("reach")
      json.integer(day.reach)
    }
  }
}
