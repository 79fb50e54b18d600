import Domain
import Range
import Testing

@Suite("The control plane")
struct ControlTests {
  @Test("the clock does not go back and says what comes next")
  func clock() async throws {
    let drill = try Drill()
    let reply = try await drill.move(toHour: 0)
    #expect(
      reply == """
        {"next_due":"2031-05-05T08:00:00.000000Z","now":"2031-05-05T00:00:00.000000Z","unacknowledged":0}
        """)
    let back = try await drill.engine.moveClock(Array(#"{"to":"2031-05-04T23:59:59Z"}"#.utf8))
    #expect(drill.status(back) == 409)
    #expect(drill.status(try await drill.engine.moveClock(Array("{}".utf8))) == 400)
  }

  @Test("an answer is the next thing due, and waits where nobody takes it")
  func nextDue() async throws {
    let drill = try Drill()
    try await drill.move(toHour: 2_000)
    _ = try drill.send(drill.addresses(.lantern).prefix(20).map { drill.message($0) }, to: .lantern)
    let reply = try JSONObject(parsing: Array(try await drill.move(toHour: 2_001).utf8))
    let next = try reply.instant("next_due")
    #expect(next > RangeCalendar.start.adding(seconds: 2_001 * 3_600))
    let hour = Double(next.microseconds - RangeCalendar.start.microseconds) / 3_600_000_000
    let after = try JSONObject(parsing: Array(try await drill.move(toHour: hour).utf8))
    #expect(try after.integer("unacknowledged") > 0)
  }

  @Test("only the token opens it")
  func token() throws {
    let drill = try Drill()
    #expect(drill.engine.isController("Bearer token"))
    for wrong in [nil, "", "Bearer", "Bearer tokem", "Bearer token2", "token"] {
      #expect(!drill.engine.isController(wrong))
    }
  }

  @Test("what comes back is found when it is there, each with its original, and its page is up")
  func returns() async throws {
    let drill = try Drill(items: 4_000)
    try await drill.move(toHour: 100)
    let addresses = drill.addresses(.wave)
    for start in stride(from: 0, to: 700, by: 100) {
      _ = try drill.send(addresses[start..<start + 100].map { drill.message($0) }, to: .wave)
    }
    func found() throws -> [JSONObject] {
      let query = "from=2031-05-01T00%3A00%3A00Z&to=2032-01-01T00:00:00Z"
      guard
        case .sent(200, _, _, let body) = drill.engine.control(method: "GET", path: "/_returns", query: query, body: [])
      else { return [] }
      return try body.split(separator: 0x0A).map { try JSONObject(parsing: Array($0)) }
    }
    #expect(try found().isEmpty)
    try await drill.move(toHour: 94 * 24)
    let returns = try found()
    #expect((50...150).contains(returns.count))
    for relation in ["copy", "successor", "reappeared"] {
      #expect(try returns.contains { try $0.text("relation") == relation }, "\(relation)")
    }
    for object in returns {
      let (address, original) = (try object.text("address"), try object.text("of"))
      #expect(drill.lookStatus(address) == 200, "\(address)")
      #expect((address == original) == (try object.text("relation") == "reappeared"))
      #expect(addresses.contains(original))
    }
  }

  @Test("an outlet's reach falls with its accounts")
  func postings() async throws {
    let drill = try Drill(items: 4_000)
    func reach(_ day: String) throws -> Int64 {
      guard
        case .sent(200, _, _, let body) = drill.engine.control(
          method: "GET", path: "/_postings", query: "day=\(day)", body: [])
      else { return 0 }
      guard case .array(let outlets)? = try JSONObject(parsing: body)["outlets"] else { return 0 }
      return try outlets.reduce(0) { sum, outlet in
        guard case .object(let object) = outlet else { return sum }
        return sum + (try object.integer("reach"))
      }
    }
    try await drill.move(toHour: 100)
    let before = try reach("2031-05-04")
    let accounts = drill.addresses(.wave).filter { $0.contains("/@") }
    _ = try drill.send(accounts.prefix(100).map { drill.message($0) }, to: .wave)
    try await drill.move(toHour: 120)
    #expect(try reach("2031-05-09") < before)
    #expect(before > 0)
  }

  @Test("a call that does not exist, or lacks what it needs, is refused")
  func wrongCalls() throws {
    let drill = try Drill()
    for (path, query, status) in [("/_truth", "", 404), ("/_reports", "from=now", 400), ("/_postings", "day=5", 400)] {
      #expect(drill.status(drill.engine.control(method: "GET", path: path, query: query, body: [])) == status)
    }
    #expect(drill.status(drill.engine.control(method: "POST", path: "/_configure", query: "", body: [0x7B])) == 400)
  }
}
