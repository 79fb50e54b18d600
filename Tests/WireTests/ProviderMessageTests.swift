import Domain
import Testing
import Wire

@Suite("What goes to providers and comes from them") struct ProviderMessageTests {
  private let at = Instant(microseconds: 1_795_465_811_123_456)

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test("a delivery is read as it was written, byte for byte")
  func delivery() throws {
    let delivery = ReferralDelivery(
      delivery: Identifier(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0001), sender: "Unit \"A\"", sentAt: at,
      messages: [
        ReferralMessage(
          idempotencyKey: "k1", kind: .referral, locator: "https://x.example/é", categories: [.incite, .threat],
          reason: "3.2", originator: "Unit B"),
        ReferralMessage(
          idempotencyKey: "k2", kind: .retraction, locator: "", categories: [], reason: nil, originator: "Unit A"),
      ])
    #expect(
      text(delivery.json)
        == #"{"delivery":"01980000-0000-7000-8000-000000000001","messages":[{"categories":["INCITE","THREAT"],"#
        + #""idempotency_key":"k1","kind":"referral","locator":"https://x.example/é","originator":"Unit B","#
        + #""reason":"3.2"},{"categories":[],"idempotency_key":"k2","kind":"retraction","locator":"","#
        + #""originator":"Unit A"}],"sender":"Unit \"A\"","sent_at":"2026-11-23T20:30:11.123456Z"}"#)
    #expect(try ReferralDelivery(parsing: delivery.json, mostMessages: 2) == delivery)
    let fault = #expect(throws: MessageFault.self) { try ReferralDelivery(parsing: delivery.json, mostMessages: 1) }
    #expect(fault?.description == "`messages` must hold 1 to 1 messages, not 2")
  }

  @Test("a reply to a delivery is read as it was written; members that are new to us are left aside")
  func reply() throws {
    let reply = DeliveryReply(results: [
      DeliveryReply.Result(idempotencyKey: "k1", status: .accepted, reference: "T-1", reason: nil, outcome: .removed),
      DeliveryReply.Result(idempotencyKey: "k2", status: .rejected, reference: nil, reason: "no such page"),
    ])
    #expect(
      text(reply.json)
        == #"{"results":[{"idempotency_key":"k1","outcome":"removed","reference":"T-1","status":"accepted"},"#
        + #"{"idempotency_key":"k2","reason":"no such page","status":"rejected"}]}"#)
    #expect(try DeliveryReply(parsing: reply.json) == reply)
    let newer = #"{"took_ms":3,"results":[{"idempotency_key":"k","status":"repeated","queue":"fast"}]}"#
    #expect(try DeliveryReply(parsing: Array(newer.utf8)).results.map(\.status) == [.repeated])
    #expect(try DeliveryReply(parsing: Array(#"{"results":[]}"#.utf8)).results == [])
  }

  @Test(
    "a reply that is none is refused by name",
    arguments: [
      ("", "JSON"), ("ok", "JSON"), ("[]", "object"), ("{}", "`results`"), (#"{"results":{}}"#, "`results`"),
      (#"{"results":["k"]}"#, "`results`"), (#"{"results":[{"status":"accepted"}]}"#, "`idempotency_key`"),
      (#"{"results":[{"idempotency_key":"k"}]}"#, "`status`"),
      (#"{"results":[{"idempotency_key":"k","status":"done"}]}"#, "`status`"),
      (#"{"results":[{"idempotency_key":"k","status":"accepted","outcome":"gone"}]}"#, "`outcome`"),
      (#"{"results":[{"idempotency_key":"k","status":"accepted","reference":"\u0000"}]}"#, "`reference`"),
      (#"{"results":[{"idempotency_key":"k","status":"accepted","reason":7}]}"#, "`reason`"),
    ])
  func badReplies(body: String, named: String) {
    let fault = #expect(throws: MessageFault.self) { try DeliveryReply(parsing: Array(body.utf8)) }
    #expect(fault?.description.contains(named) == true, "\(fault?.description ?? "")")
  }

  @Test("answers are read as they were written, byte for byte")
  func answers() throws {
    let message = AnswerMessage(answers: [
      AnswerMessage.Answer(
        idempotencyKey: "k1", outcome: .geoBlocked, reason: "in one country", reference: "T-1", decidedAt: at),
      AnswerMessage.Answer(idempotencyKey: "k2", outcome: .refused, reason: nil, reference: nil, decidedAt: at),
    ])
    #expect(
      text(message.json)
        == #"{"answers":[{"decided_at":"2026-11-23T20:30:11.123456Z","idempotency_key":"k1","outcome":"geo_blocked","#
        + #""reason":"in one country","reference":"T-1"},{"decided_at":"2026-11-23T20:30:11.123456Z","#
        + #""idempotency_key":"k2","outcome":"refused"}]}"#)
    #expect(try AnswerMessage(parsing: message.json, mostAnswers: 2) == message)
    let fault = #expect(throws: MessageFault.self) { try AnswerMessage(parsing: message.json, mostAnswers: 1) }
    #expect(fault?.description == "`answers` must hold 1 to 1 answers, not 2")
  }

  @Test("an answer that is none is refused by its place and its member")
  func badAnswers() throws {
    let good = #""idempotency_key":"k","outcome":"removed","decided_at":"2026-11-23T20:30:00Z""#
    for (answer, named) in [
      ("", "`idempotency_key`"), (#""idempotency_key":"k""#, "`outcome`"),
      (#""idempotency_key":"k","outcome":"removed""#, "`decided_at`"),
      (#""idempotency_key":"k","outcome":"gone","decided_at":"2026-11-23T20:30:00Z""#, "geo_blocked"),
      (#""idempotency_key":"k","outcome":"removed","decided_at":"today""#, "`decided_at`"),
      (good + #","reason":"a\u0000""#, "NUL"), (good + #","reference":1"#, "`reference`"),
      (good + #","colour":"red""#, "`colour`"),
    ] {
      let body = "{\"answers\":[{\(good)},{\(answer)}]}"
      let fault = #expect(throws: MessageFault.self) { try AnswerMessage(parsing: Array(body.utf8), mostAnswers: 9) }
      let sentence = try #require(fault).description
      #expect(sentence.hasPrefix("answers[1]: ") && sentence.contains(named), "\(sentence)")
    }
    for body in ["{}", "[]", #"{"answers":[]}"#, #"{"answers":{}}"#, "{\"answers\":[{\(good)}],\"x\":1}"] {
      #expect(throws: MessageFault.self) { try AnswerMessage(parsing: Array(body.utf8), mostAnswers: 9) }
    }
  }

  @Test("the reply says what became of each answer, in their order")
  func answersReply() {
    let reply = AnswersReply(results: [
      AnswersReply.Result(idempotencyKey: "k\"1", result: "recorded"),
      AnswersReply.Result(idempotencyKey: "k2", result: "unknown"),
    ])
    #expect(
      text(reply.json)
        == #"{"results":[{"idempotency_key":"k\"1","result":"recorded"},{"idempotency_key":"k2","result":"unknown"}]}"#)
  }

  @Test("a desk is opened for a user")
  func desk() throws {
    #expect(try DeskMessage(parsing: Array(#"{"user":"wave-desk"}"#.utf8)).user == "wave-desk")
    for body in ["{}", #"{"user":7}"#, #"{"user":"a","role":"provider"}"#] {
      #expect(throws: MessageFault.self) { try DeskMessage(parsing: Array(body.utf8)) }
    }
  }
}
