import Crypto
import Domain
import Foundation
import Range
import Testing
import Wire

@Suite("The manners of the providers")
struct MannerTests {
  @Test("wave says at once what it did with most, and the pages are gone then")
  func waveDecidesAtOnce() async throws {
    let drill = try Drill()
    try await drill.move(toHour: 100)
    let addresses = Array(drill.addresses(.wave).prefix(100))
    let results = try drill.results(try drill.send(addresses.map { drill.message($0) }, to: .wave))
    let removed = zip(addresses, results).filter { $0.1.outcome == .removed }.map(\.0)
    #expect(removed.count > 60 && results.count { $0.outcome == nil } > 3)
    for address in removed { #expect([404, 410].contains(drill.lookStatus(address)), "\(address)") }
  }

  @Test("pigeon takes forty requests a quarter of an hour, and nothing of those beyond")
  func pigeonIsLimited() async throws {
    let drill = try Drill()
    try await drill.move(toHour: 100)
    let addresses = drill.addresses(.pigeon)
    for address in addresses.prefix(40) {
      #expect(drill.status(try drill.send([drill.message(address)], to: .pigeon)) == 200)
    }
    let response = try drill.send([drill.message(addresses[40])], to: .pigeon)
    guard case .sent(429, _, let headers, _) = response else {
      Issue.record("\(response)")
      return
    }
    #expect(headers.map(\.0) == ["retry-after"] && headers.map(\.1) == ["900"])
    try drill.restart()
    #expect(drill.status(try drill.send([drill.message(addresses[40])], to: .pigeon)) == 429)
    try await drill.move(toHour: 100.25)
    let results = try drill.results(try drill.send([drill.message(addresses[40])], to: .pigeon))
    #expect(results.map(\.status) == [.accepted])
  }

  @Test("depot takes what is signed under its secret within five minutes, and nothing else")
  func depotChecksSignatures() async throws {
    let drill = try Drill()
    try await drill.move(toHour: 100)
    let messages = [drill.message(drill.addresses(.depot)[0])]
    let body = ReferralDelivery(
      delivery: Identifier(high: 1, low: 1), sender: "IRU North", sentAt: RangeCalendar.start, messages: messages
    ).json
    let now = RangeCalendar.start.microseconds / 1_000_000 + 100 * 3_600
    func send(at seconds: Int64, key: [UInt8] = Drill.secret) throws -> Int? {
      let code = HMAC<SHA256>.authenticationCode(
        for: Array("msg_1.\(seconds).".utf8) + body, using: SymmetricKey(data: key))
      let headers = [
        "webhook-id": "msg_1", "webhook-timestamp": "\(seconds)",
        "webhook-signature": "v1,\(Data(code).base64EncodedString())",
      ]
      return drill.status(try drill.engine.deliver(ProviderRequest(provider: .depot, body: body, headers: headers)))
    }
    #expect(drill.status(try drill.send(messages, to: .depot)) == 401)
    #expect(try send(at: now - 301) == 401)
    #expect(try send(at: now, key: [1, 2, 3]) == 401)
    #expect(try drill.lines().allSatisfy { $0["effect"] == .null })
    #expect(try send(at: now - 299) == 202)
    #expect(try drill.lines().last?.text("effect") == "review_opened")
  }

  @Test("mosaic fails in its three ways, and a lost acknowledgement was taken")
  func mosaicIsFlaky() async throws {
    let drill = try Drill(items: 4_000)
    try await drill.move(toHour: 100)
    var answers: [String: Int] = [:]
    for address in drill.addresses(.mosaic).prefix(150) {
      let message = drill.message(address)
      let response = try drill.send([message], to: .mosaic)
      let answer = try #require(try drill.lines().last?.text("answer"))
      answers[answer, default: 0] += 1
      if case .closed = response { #expect(answer == "closed" || answer == "lost") }
      // Sooner or later it takes every message, once.
      var status = try drill.results(response).first?.status
      while status == nil { status = try drill.results(try drill.send([message], to: .mosaic)).first?.status }
      let effects = try drill.lines().filter { try $0.text("idempotency_key") == message.idempotencyKey }
        .compactMap { try $0.optionalText("effect") }
      #expect(effects == ["review_opened"])
    }
    for answer in ["503", "closed", "lost"] { #expect((4...45).contains(answers[answer] ?? 0), "\(answers)") }
  }

  @Test("chorus refuses about a fifth, each with a reason")
  func chorusRefuses() async throws {
    let drill = try Drill(items: 4_000)
    try await drill.move(toHour: 100)
    let addresses = Array(drill.addresses(.chorus).prefix(150))
    for start in stride(from: 0, to: 150, by: 50) {
      _ = try drill.send(addresses[start..<start + 50].map { drill.message($0) }, to: .chorus)
    }
    try await drill.move(toHour: 130)
    let refused = try drill.takeAnswers(.chorus).filter { $0.outcome == .refused }
    #expect((18...45).contains(refused.count))
    #expect(refused.allSatisfy { $0.reason != nil } && Set(refused.map(\.reason)).count > 2)
    let names = Set(refused.map(\.idempotencyKey))
    for address in addresses where names.contains("key of \(address)") { #expect(drill.lookStatus(address) == 200) }
  }

  @Test("quill says that it removed, and leaves it up")
  func quillOnlySaysSo() async throws {
    let drill = try Drill()
    try await drill.move(toHour: 100)
    let addresses = Array(drill.addresses(.quill).prefix(25))
    _ = try drill.send(addresses.map { drill.message($0) }, to: .quill)
    try await drill.move(toHour: 110)
    #expect(try drill.takeAnswers(.quill).count { $0.outcome == .removed } >= 20)
    #expect(addresses.count { drill.lookStatus($0) == 200 } >= 23)
    try await drill.move(toHour: 110 + 31 * 24)
    #expect(addresses.count { drill.lookStatus($0) != 200 } < 12)
  }

  @Test(
    "the slower ones answer when their time has come, on whole quarters",
    arguments: [
      (RangeProvider.lantern, 2.0, 20.25), (.scrap, 4.0, 48.25), (.strata, 6.0, 30.25), (.pigeon, 0.5, 6.25),
    ])
  func answersTakeTheirTime(provider: RangeProvider, earliest: Double, latest: Double) async throws {
    let drill = try Drill()
    try await drill.move(toHour: 100)
    for address in drill.addresses(provider).prefix(30) { _ = try drill.send([drill.message(address)], to: provider) }
    try await drill.move(toHour: 100 + earliest - 0.25)
    #expect(try drill.takeAnswers(provider).isEmpty)
    try await drill.move(toHour: 100 + latest)
    let answers = try drill.takeAnswers(provider)
    #expect(answers.count >= 27)
    for answer in answers { #expect(answer.decidedAt.microseconds.isMultiple(of: 900_000_000)) }
  }
}
