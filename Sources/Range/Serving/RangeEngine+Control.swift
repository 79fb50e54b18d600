import Domain
import Synchronization

extension RangeEngine {
  /// Whether the header proves that the caller may steer the range.
  package func isController(_ authorization: String?) -> Bool {
    guard let controlToken, let authorization else { return false }
    let (given, wanted) = (Array(authorization.utf8), Array("Bearer \(controlToken)".utf8))
    // The time that it takes says nothing about where they differ.
    return given.count == wanted.count && zip(given, wanted).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// Answers a control call that needs nobody else.
  package func control(method: String, path: String, query: String, body: [UInt8]) -> Response {
    switch (method, path) {
    case ("POST", "/_configure"): return configure(body)
    case ("GET", "/_reports"), ("POST", "/_reports"):
      guard let (from, to) = Self.period(query) else { return Self.wrongPeriod }
      return .sent(status: 200, type: .jsonLines, headers: [], body: world.reportLines(from: from, to: to))
    case ("GET", "/_returns"), ("POST", "/_returns"):
      guard let (from, to) = Self.period(query) else { return Self.wrongPeriod }
      return .sent(
        status: 200, type: .jsonLines, headers: [],
        body: shared.withLock { $0.state.returnLines(from: from, to: to) })
    case ("GET", "/_postings"), ("POST", "/_postings"):
      guard let day = Self.parameter("day", query), let instant = Instant(rfc3339: day + "T00:00:00Z") else {
        return .problem(400, "`day` must be a date such as 2031-05-05")
      }
      return .json(shared.withLock { $0.state.postings(day: RangeCalendar.second(instant)) })
    default: return .problem(404, "There is no such call.")
    }
  }

  private func configure(_ body: [UInt8]) -> Response {
    do {
      let json = try JSONObject(parsing: body)
      try configure(ReceiverContact(json))
    } catch {
      return .problem(400, "The body is not as it must be: \(error)")
    }
    // Whoever goes on after an interruption learns here where the clock was left.
    var reply = JSONWriter()
    reply.object { json in
      json.key("now")
      json.instant(RangeCalendar.instant(shared.withLock { $0.state.now }))
    }
    return .json(reply.finish())
  }

  /// Moves the clock, does all that is due by then, and answers when it is done.
  package func moveClock(_ body: [UInt8]) async throws -> Response {
    guard let json = try? JSONObject(parsing: body), let to = try? json.instant("to") else {
      return .problem(400, "The body must be {\"to\":\"<RFC 3339>\"}")
    }
    let second = RangeCalendar.second(to)
    let refusal = try shared.withLock { shared -> String? in
      guard !shared.isMoving else { return "The clock is being moved already." }
      guard second >= shared.state.now else {
        return "The clock stands at \(RangeCalendar.instant(shared.state.now)) and does not go back."
      }
      // Written first: whoever starts again is at this time, and sends what was not acknowledged.
      try directory.writeClock(second)
      shared.isMoving = true
      shared.state.advance(to: second)
      return nil
    }
    if let refusal { return .problem(409, refusal) }
    defer { shared.withLock { $0.isMoving = false } }
    try await sendAnswers()
    var reply = JSONWriter()
    shared.withLock { shared in
      reply.object { json in
        json.key("next_due")
        if let next = shared.state.nextDue { json.instant(RangeCalendar.instant(next)) } else { json.null() }
        json.key("now")
        json.instant(RangeCalendar.instant(shared.state.now))
        json.key("unacknowledged")
        json.integer(Int64(shared.state.unacknowledged))
      }
    }
    return .json(reply.finish())
  }

  private static let wrongPeriod = Response.problem(400, "`from` and `to` must be RFC 3339 instants")

  private static func period(_ query: String) -> (Int32, Int32)? {
    guard let from = parameter("from", query).flatMap({ Instant(rfc3339: $0) }),
      let to = parameter("to", query).flatMap({ Instant(rfc3339: $0) })
    else { return nil }
    // What lies within a second belongs to the next one: all that happens does so at whole seconds.
    return (ceiling(from), ceiling(to))
  }

  private static func ceiling(_ instant: Instant) -> Int32 {
    RangeCalendar.second(Instant(microseconds: instant.microseconds + 999_999))
  }

  private static func parameter(_ name: String, _ query: String) -> String? {
    for pair in query.split(separator: "&") where pair.hasPrefix(name + "=") {
      return String(pair.dropFirst(name.count + 1).replacing("%3A", with: ":").replacing("%3a", with: ":"))
    }
    return nil
  }
}
