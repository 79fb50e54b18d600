import Domain
import Range
import Testing
import Wire

@Suite("Messages to the providers")
struct MessageTests {
  @Test("a key that came before changes nothing and has the same reference")
  func keysAreIdempotent() async throws {
    let drill = try Drill()
    try await drill.move(toHour: 100)
    let message = drill.message(drill.addresses(.lantern)[0])
    let first = try drill.results(try drill.send([message], to: .lantern))[0]
    let second = try drill.results(try drill.send([message], to: .lantern))[0]
    #expect(first.status == .accepted && second.status == .repeated)
    #expect(first.reference == second.reference && first.reference != nil)
    #expect(try drill.lines().map { try $0.optionalText("effect") } == ["review_opened", nil])
  }

  @Test("what is no address, or another provider's, is rejected with a reason")
  func nonsenseIsRejected() async throws {
    let drill = try Drill()
    let wrong = [
      "nonsense", "https://", drill.addresses(.wave)[0], "https://elsewhere.example/a", "mailto:a@b.example",
    ]
    for address in wrong {
      let result = try drill.results(try drill.send([drill.message(address)], to: .strata))[0]
      #expect(result.status == .rejected && result.reason != nil, "\(address)")
    }
    #expect(try drill.lines().allSatisfy { $0["effect"] == .null })
  }

  @Test("an address of its own where nothing is gets the answer that nothing was found")
  func unknownPages() async throws {
    let drill = try Drill()
    try await drill.move(toHour: 100)
    let message = drill.message("https://strata.example/copy/20310401000000/https://www.wave.example/watch?v=none")
    #expect(try drill.results(try drill.send([message], to: .strata))[0].status == .accepted)
    try await drill.move(toHour: 140)
    #expect(try drill.takeAnswers(.strata).map(\.outcome) == [.notFound])
  }

  @Test("more messages than the batch, or none that can be read, are turned away whole")
  func limits() async throws {
    let drill = try Drill()
    let messages = drill.addresses(.scrap).prefix(2).map { drill.message($0) }
    #expect(drill.status(try drill.send(messages, to: .scrap)) == 413)
    let nonsense = ProviderRequest(provider: .scrap, body: Array("{".utf8))
    #expect(drill.status(try drill.engine.deliver(nonsense)) == 400)
    #expect(try drill.lines().map { try $0.text("answer") } == ["413", "413"])
  }

  @Test("a retraction ends a pending review: nothing is decided and the page stays")
  func retractionWithdraws() async throws {
    let drill = try Drill()
    try await drill.move(toHour: 100)
    let address = drill.addresses(.lantern)[3]
    _ = try drill.send([drill.message(address)], to: .lantern)
    let retraction = drill.message(address, .retraction)
    #expect(try drill.results(try drill.send([retraction], to: .lantern))[0].status == .accepted)
    #expect(try drill.results(try drill.send([retraction], to: .lantern))[0].status == .repeated)
    try await drill.move(toHour: 130)
    #expect(try drill.takeAnswers(.lantern).isEmpty)
    #expect(drill.lookStatus(address) == 200)
    #expect(try drill.lines().map { try $0.optionalText("effect") } == ["review_opened", "withdrawn", nil])
  }

  @Test("a retraction puts back up what was removed, once")
  func retractionReinstates() async throws {
    let drill = try Drill()
    try await drill.move(toHour: 100)
    let addresses = Array(drill.addresses(.wave).prefix(50))
    let results = try drill.results(try drill.send(addresses.map { drill.message($0) }, to: .wave))
    let removed = try #require(zip(addresses, results).first { $0.1.outcome == .removed }?.0)
    #expect(drill.lookStatus(removed) != 200)
    _ = try drill.send([drill.message(removed, .retraction)], to: .wave)
    _ = try drill.send([drill.message(removed, .retraction)], to: .wave)
    #expect(drill.lookStatus(removed) == 200)
    #expect(try drill.lines().suffix(2).map { try $0.optionalText("effect") } == ["reinstated", nil])
    // Asked anew under another key, it decides anew.
    let again = drill.message(removed, key: "another key")
    #expect(try drill.results(try drill.send([again], to: .wave))[0].status == .accepted)
  }

  @Test("a retraction of what nobody referred is rejected")
  func retractionOfNothing() throws {
    let drill = try Drill()
    let result = try drill.results(try drill.send([drill.message(drill.addresses(.wave)[0], .retraction)], to: .wave))[
      0]
    #expect(result.status == .rejected)
  }

  @Test("the same messages at the same times get the same answers, whatever the others do meanwhile")
  func answersDependOnNothingElse() async throws {
    func answers(noise: Bool) async throws -> [AnswerMessage.Answer] {
      let drill = try Drill()
      try await drill.move(toHour: 100)
      if noise {
        _ = try drill.send(drill.addresses(.wave).prefix(50).map { drill.message($0) }, to: .wave)
        _ = try drill.send([drill.message(drill.addresses(.strata)[0])], to: .strata)
      }
      _ = try drill.send(drill.addresses(.lantern).prefix(50).map { drill.message($0) }, to: .lantern)
      try await drill.move(toHour: 300)
      return try drill.takeAnswers(.lantern).filter { $0.idempotencyKey.contains("lantern") }
    }
    let quiet = try await answers(noise: false)
    #expect(quiet.count > 40)
    #expect(try await answers(noise: true) == quiet)
  }
}
