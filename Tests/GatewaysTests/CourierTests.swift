import Domain
import Gateways
import Testing

@Suite("Deliveries")
struct CourierTests {
  private static let id = Identifier(high: 0x0123_4567_89AB_7DEF, low: 0x8123_4567_89AB_CDEF)

  private func parcel(
    _ server: ScriptedServer, _ authentication: Parcel.Authentication = .none, path: String = "/referrals?x=1"
  ) -> Parcel {
    Parcel(
      url: server.origin + path, id: Self.id, sentAt: Instant(microseconds: 1_614_265_330_500_000),
      body: Array(#"{"test": 2432232314}"#.utf8), authentication: authentication)
  }

  @Test("a parcel arrives as JSON, under its identifier, and the reply comes back whole")
  func delivered() async throws {
    let server = try await ScriptedServer { _ in
      ScriptedServer.Act.reply("202 Accepted", "Retry-After: 120\r\n", body: #"{"ok":true}"#)
    }
    let reply = await HTTPCourier(policy: .loopback).post(parcel(server, .bearer("s3cret")))
    await server.stop()
    #expect(reply == .answered(status: 202, body: Array(#"{"ok":true}"#.utf8), retryAfterSeconds: 120))
    let text = try #require(server.requests.first?.text)
    #expect(text.hasPrefix("POST /referrals?x=1 HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
    for line in [
      "Content-Type: application/json", "Content-Length: 20", "Idempotency-Key: \(Self.id)",
      "Authorization: Bearer s3cret", "User-Agent: cordon-look/0.1",
    ] { #expect(text.contains("\r\n\(line)\r\n"), "\(line)") }
    #expect(text.hasSuffix("\r\n\r\n" + #"{"test": 2432232314}"#))
  }

  @Test("a webhook is signed over identifier, time and body")
  func webhook() async throws {
    let server = try await ScriptedServer { _ in ScriptedServer.Act.reply("204 No Content") }
    let key = Array("0123456789abcdef0123456789abcdef".utf8)
    let reply = await HTTPCourier(policy: .loopback).post(parcel(server, .webhook(key: key)))
    await server.stop()
    #expect(reply == .answered(status: 204, body: [], retryAfterSeconds: nil))
    let text = try #require(server.requests.first?.text)
    let headers = WebhookSignature.headers(
      id: Self.id, sentAt: Instant(microseconds: 1_614_265_330_500_000), body: Array(#"{"test": 2432232314}"#.utf8),
      key: key)
    #expect(headers.map(\.value).dropLast() == [Self.id.description, "1614265330"])
    for header in headers { #expect(text.contains("\r\n\(header.name): \(header.value)\r\n")) }
  }

  @Test("parcels to one address share a connection")
  func keepAlive() async throws {
    let server = try await ScriptedServer { _ in ScriptedServer.Act.reply("200 OK", body: "{}") }
    let courier = HTTPCourier(policy: .loopback, idleSeconds: 600)
    for _ in 0..<20 { _ = await courier.post(parcel(server)) }
    await server.stop()
    #expect(server.requests.count == 20 && server.connections == 1)
  }

  @Test("a redirect is an answer and is not followed")
  func redirects() async throws {
    let server = try await ScriptedServer { _ in
      ScriptedServer.Act.reply("307 Temporary Redirect", "Location: /elsewhere\r\n")
    }
    let reply = await HTTPCourier(policy: .loopback).post(parcel(server))
    await server.stop()
    #expect(reply == .answered(status: 307, body: [], retryAfterSeconds: nil))
    #expect(server.requests.count == 1)
  }

  @Test("where the connection is lost, nothing is known, and nothing is sent twice")
  func lost() async throws {
    let seen = Seen()
    let server = try await ScriptedServer { request in
      seen.isFirst(request.connection) ? ScriptedServer.Act.reply("200 OK") : [.close]
    }
    let courier = HTTPCourier(policy: .loopback, idleSeconds: 600)
    _ = await courier.post(parcel(server))
    #expect(await courier.post(parcel(server)) == .failed(.connection))
    await server.stop()
    #expect(server.requests.count == 2)
    let half = try await ScriptedServer { _ in
      [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab".utf8)), .close]
    }
    #expect(await courier.post(parcel(half)) == .failed(.protocolError))
    await half.stop()
    #expect(await courier.post(parcel(half)) == .failed(.connection))
  }

  @Test("a reply that is too large, or late, fails")
  func budgets() async throws {
    let large = try await ScriptedServer { _ in
      [.send(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)), .sendForEver([UInt8](repeating: 0x61, count: 65_536))]
    }
    #expect(await HTTPCourier(policy: .loopback).post(parcel(large)) == .failed(.budget))
    await large.stop()
    let silent = try await ScriptedServer { _ in [] }
    var budget = LookBudget.courier
    budget.seconds = 0.2
    #expect(await HTTPCourier(policy: .loopback, budget: budget).post(parcel(silent)) == .failed(.timeout))
    await silent.stop()
  }

  @Test("a token with a line end in it is not sent")
  func injection() async throws {
    let server = try await ScriptedServer { _ in ScriptedServer.Act.reply("200 OK") }
    let reply = await HTTPCourier(policy: .loopback).post(parcel(server, .bearer("a\r\nX: b")))
    await server.stop()
    #expect(reply == .failed(.refused) && server.connections == 0)
  }

  @Test(
    "Retry-After is seconds or a date, and at most a day",
    arguments: [
      ("120", nil, 120), (" 0 ", nil, 0), ("99999999999999999999", nil, 86_400), ("-1", nil, nil), ("soon", nil, nil),
      ("", nil, nil), ("Thu, 25 Feb 2021 15:03:10 GMT", nil, 60),
      ("Sun, 06 Nov 1994 08:50:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 60),
      ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:50:37 GMT", 0),
      ("Sun, 99 Nov 1994 08:49:37 GMT", nil, nil),
    ] as [(String, String?, Int64?)])
  func retryAfter(field: String, date: String?, seconds: Int64?) {
    let now = Instant(microseconds: 1_614_265_330_000_000)
    #expect(RetryAfter.seconds(field, date: date, now: now) == seconds)
  }
}
