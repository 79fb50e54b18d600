import Domain
import Testing
import Wire

@Suite("What the API answers, byte for byte") struct ReplyTests {
  private func id<Subject>(_ number: UInt64, _ type: Subject.Type = Subject.self) -> ID<Subject> {
    ID(Identifier(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0000 + number))
  }

  private func text(_ write: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    write(&json)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  @Test("a reply says what became of each address, in their order, and counts")
  func reply() {
    let reply = ReportReply(results: [
      .new(id(1)), .sighted(id(2)), .rejected(code: "no_place", meaning: "a \"place\""), .new(id(3)),
    ])
    #expect(
      String(decoding: reply.json, as: UTF8.self)
        == #"{"items_new":2,"rejected":1,"results":["#
        + #"{"id":"01980000-0000-7000-8000-000000000001","outcome":"new"},"#
        + #"{"id":"01980000-0000-7000-8000-000000000002","outcome":"sighted"},"#
        + #"{"code":"no_place","meaning":"a \"place\"","outcome":"rejected"},"#
        + #"{"id":"01980000-0000-7000-8000-000000000003","outcome":"new"}],"sightings":1}"#)
    #expect(reply.status == 200)
  }

  @Test("422 when nothing was accepted, 200 when anything was")
  func status() {
    let rejected = ReportReply.Result.rejected(code: "c", meaning: "m")
    #expect(ReportReply(results: [rejected, rejected]).status == 422)
    #expect(ReportReply(results: [rejected, .sighted(id(1))]).status == 200)
    #expect(ReportReply(results: [.new(id(1))]).status == 200)
  }

  @Test("a problem is RFC 9457's object, with or without detail")
  func problem() {
    #expect(ProblemDetails.mediaType == "application/problem+json")
    let problem = ProblemDetails(status: 404, code: "not-found", title: "Not found", detail: "no \"item\"\n")
    #expect(
      text(problem.write)
        == #"{"detail":"no \"item\"\n","status":404,"title":"Not found","type":"urn:cordon:problem:not-found"}"#)
    #expect(
      text(ProblemDetails(status: 500, code: "internal", title: "Fault").write)
        == #"{"status":500,"title":"Fault","type":"urn:cordon:problem:internal"}"#)
  }

  @Test("an item with everything")
  func item() {
    let item = Item(
      id: id(1), owner: id(2), provider: id(3), operation: id(4), kind: .linkList, handling: .h2,
      sharing: .installation,
      locator: "https://x.example/\"é\"", firstReportedAt: Instant(microseconds: 1_795_465_811_123_456),
      lastSightedAt: Instant(microseconds: 1_795_465_812_000_000), sightings: 7, reportIndex: 42)
    #expect(
      text { ItemMessage.write(item, to: &$0) }
        == #"{"first_reported_at":"2026-11-23T20:30:11.123456Z","handling":"H2","#
        + #""id":"01980000-0000-7000-8000-000000000001","journal_index":42,"kind":"link_list","#
        + #""last_sighted_at":"2026-11-23T20:30:12.000000Z","locator":"https://x.example/\"é\"","#
        + #""operation":"01980000-0000-7000-8000-000000000004","owner":"01980000-0000-7000-8000-000000000002","#
        + #""provider":"01980000-0000-7000-8000-000000000003","sharing":"installation","sightings":7}"#)
  }

  @Test("an erased item without operation has null in their places")
  func erasedItem() {
    let item = Item(
      id: id(1), owner: id(2), provider: id(3), operation: nil, kind: .page, handling: .h0, sharing: .owner,
      locator: nil, firstReportedAt: Instant(microseconds: 0), lastSightedAt: Instant(microseconds: 0), sightings: 0,
      reportIndex: 0)
    #expect(
      text { ItemMessage.write(item, to: &$0) }
        == #"{"first_reported_at":"1970-01-01T00:00:00.000000Z","handling":"H0","#
        + #""id":"01980000-0000-7000-8000-000000000001","journal_index":0,"kind":"page","#
        + #""last_sighted_at":"1970-01-01T00:00:00.000000Z","locator":null,"operation":null,"#
        + #""owner":"01980000-0000-7000-8000-000000000002","provider":"01980000-0000-7000-8000-000000000003","#
        + #""sharing":"owner","sightings":0}"#)
  }
}
