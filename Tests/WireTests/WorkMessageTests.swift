import Domain
import Testing
import Wire

@Suite("Where the work on an item stands, byte for byte") struct WorkMessageTests {
  private func id<Subject>(_ number: UInt64, _ type: Subject.Type = Subject.self) -> ID<Subject> {
    ID(Identifier(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0000 + number))
  }

  private func text(_ write: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    write(&json)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private let start = Instant(microseconds: 0)
  private static let startText = #""1970-01-01T00:00:00.000000Z""#
  private static func uuid(_ number: Int) -> String { "\"01980000-0000-7000-8000-00000000000\(number)\"" }

  private func work(
    assessment: Assessment? = nil, deconfliction: Deconfliction? = nil, hold: Int64? = nil, referral: Referral? = nil,
    liveness: Liveness = Liveness()
  ) -> WorkMessage {
    WorkMessage(
      assessment: assessment, deconfliction: deconfliction, hold: hold, clearance: nil, referral: referral,
      liveness: liveness, hasReappeared: false)
  }

  private static let notLooked =
    #""liveness":{"first_gone_at":null,"last_live_at":null,"reappeared":false,"verdict":null}"#

  @Test("before anything was done each part is null")
  func nothing() {
    #expect(
      text(work().write)
        == #"{"assessment":null,"clearance":null,"deconfliction":null,"# + Self.notLooked + #","referral":null}"#)
  }

  @Test(
    "an assessment with its second person",
    arguments: [
      (Assessment.State.awaitingSecondPerson, "null", "awaiting_second_person"),
      (.confirmed(by: ID(Identifier(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0003))), uuid(3), "confirmed"),
      (.returned(by: ID(Identifier(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0003))), uuid(3), "returned"),
    ])
  func assessment(state: Assessment.State, second: String, name: String) {
    let assessment = Assessment(
      index: 41, item: id(1), decision: .refer, categories: [.incite], assessor: id(2), state: state)
    #expect(
      text(work(assessment: assessment).write).hasPrefix(
        #"{"assessment":{"assessor":"# + Self.uuid(2) + #","categories":["INCITE"],"decision":"refer","#
          + #""journal_index":41,"second":"# + second + #","state":""# + name + #""},"clearance":null,"#))
  }

  @Test("a hold says until when and not whose")
  func hold() {
    let check = Deconfliction(item: id(1), index: 42, result: .interest, validUntil: start, heldUntil: start)
    #expect(
      text(work(deconfliction: check, hold: 43).write).contains(
        #""deconfliction":{"held_until":"# + Self.startText + #","hold":43,"journal_index":42,"result":"interest","#
          + #""valid_until":"# + Self.startText + "}"))
  }

  @Test(
    "a referral in each of its states",
    arguments: [
      (Referral.State.waiting, "null", "null", "waiting"),
      (.delivered(at: Instant(microseconds: 0)), startText, "null", "delivered"),
      (.answered(.geoBlocked, deliveredAt: Instant(microseconds: 0)), startText, "\"geo_blocked\"", "answered"),
      (.retracted(wasDelivered: true), "null", "null", "retracted"),
    ])
  func referral(state: Referral.State, delivered: String, outcome: String, name: String) {
    let referral = Referral(id: id(4), item: id(1), provider: id(5), state: state)
    #expect(
      text(work(referral: referral).write).hasSuffix(
        #""referral":{"delivered_at":"# + delivered + #","id":"# + Self.uuid(4) + #","outcome":"# + outcome
          + #","provider":"# + Self.uuid(5) + #","state":""# + name + #""}}"#))
  }

  @Test("an item in a queue")
  func queued() {
    let item = QueuedItemMessage(
      id: id(1), index: 7, locator: nil, operation: nil, owner: id(2), provider: id(3),
      work: work(liveness: Liveness(verdict: .live, lastLiveAt: start)))
    #expect(
      text(item.write)
        == #"{"id":"# + Self.uuid(1) + #","journal_index":7,"locator":null,"operation":null,"owner":"# + Self.uuid(2)
        + #","provider":"# + Self.uuid(3) + #","work":{"assessment":null,"clearance":null,"deconfliction":null,"#
        + #""liveness":{"first_gone_at":null,"last_live_at":"# + Self.startText
        + #","reappeared":false,"verdict":"live"},"referral":null}}"#)
  }

  @Test("a dossier holds entries as the journal has them, and what stands against each step")
  func dossier() {
    let item = Item(
      id: id(1), owner: id(2), provider: id(3), operation: nil, kind: .page, handling: .h0, sharing: .owner,
      locator: nil, firstReportedAt: start, lastSightedAt: start, sightings: 0, reportIndex: 7)
    let header = EventHeader(
      index: 7, at: start, type: "item.reported", version: 1, actor: id(4, User.self).identifier,
      subject: id(1, Item.self).identifier)
    let dossier = DossierMessage(
      item: item, operation: nil, provider: nil, work: work(),
      steps: [
        DossierMessage.Step(name: "assess", obstacle: nil), DossierMessage.Step(name: "clear", obstacle: "not yet"),
      ],
      history: [DossierMessage.Entry(header: header, actorName: nil, facts: #"{"kind":"page"}"#, personal: nil)])
    #expect(
      text(dossier.write)
        == #"{"history":[{"actor":"# + Self.uuid(4) + #","actor_name":null,"at":"# + Self.startText
        + #","facts":"{\"kind\":\"page\"}","journal_index":7,"personal":null,"type":"item.reported"}],"item":"#
        + text { ItemMessage.write(item, to: &$0) }
        + #","operation":null,"provider":null,"steps":[{"obstacle":null,"step":"assess"},"#
        + #"{"obstacle":"not yet","step":"clear"}],"work":"# + text(work().write) + "}")
  }

  @Test("a reply says what became of each entry, in their order")
  func reply() {
    let reply = WorkReply(results: [
      WorkReply.Result(item: id(1), outcome: .recorded(41)),
      WorkReply.Result(item: id(2), outcome: .refused(code: "not-now", detail: "it \"waits\"")),
    ])
    #expect(
      String(decoding: reply.json, as: UTF8.self)
        == #"{"results":[{"item":"# + Self.uuid(1) + #","journal_index":41,"outcome":"recorded"},"#
        + #"{"code":"not-now","detail":"it \"waits\"","item":"# + Self.uuid(2) + #","outcome":"refused"}]}"#)
    #expect(text(CreatedReply(id: id(1, Item.self).identifier).write) == #"{"id":"# + Self.uuid(1) + "}")
  }
}
