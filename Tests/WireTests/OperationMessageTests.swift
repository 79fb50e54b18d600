import Domain
import Testing
import Wire

@Suite("Operations, outlets, cases and interests") struct OperationMessageTests {
  private func id<Subject>(_ number: UInt64, _ type: Subject.Type = Subject.self) -> ID<Subject> {
    ID(Identifier(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0000 + number))
  }

  private func text(_ write: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    write(&json)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private func refuses(_ bodies: [String], _ read: ([UInt8]) throws -> Void) {
    for body in bodies { #expect(throws: MessageFault.self, "\(body)") { try read(Array(body.utf8)) } }
  }

  private var operation: Operation {
    Operation(id: id(1), agency: id(2), name: "Action \"day\"", openedAt: Instant(microseconds: 0), hHour: nil)
  }
  private static let operationText =
    #"{"agency":"01980000-0000-7000-8000-000000000002","h_hour":null,"id":"01980000-0000-7000-8000-000000000001","#
    + #""name":"Action \"day\"","opened_at":"1970-01-01T00:00:00.000000Z"}"#

  @Test("an H-hour is an instant or, said in so many words, none")
  func hHour() throws {
    #expect(try HHourMessage(parsing: Array(#"{"at":null}"#.utf8)).at == nil)
    #expect(
      try HHourMessage(parsing: Array(#"{"at":"1970-01-01T01:00:00+01:00"}"#.utf8)).at == Instant(microseconds: 0))
    refuses(["{}", #"{"at":"dawn"}"#, #"{"at":7}"#, #"{"at":null,"x":1}"#]) { _ = try HHourMessage(parsing: $0) }
  }

  @Test("a name is a text")
  func name() throws {
    #expect(try NameMessage(parsing: Array(#"{"name":" a "}"#.utf8)).name == " a ")
    refuses(["{}", #"{"name":null}"#, #"{"name":"a","x":1}"#, #"{"name":"\u0000"}"#]) {
      _ = try NameMessage(parsing: $0)
    }
  }

  @Test("a board in canonical JSON, its figures by name")
  func board() {
    let figures = FiguresMessage([("reported", 5), ("assessed", 2), ("looks", 0)])
    let provider = Provider(id: id(3), pack: "wave", name: nil, registeredAt: Instant(microseconds: 0))
    let board = BoardMessage(
      operation: operation, participants: [Agency(id: id(2), name: "Unit")],
      providers: [BoardMessage.Part(provider: provider, figures: figures)], total: figures, journalSize: 7,
      at: Instant(microseconds: 0))
    let counted = #"{"assessed":2,"looks":0,"reported":5}"#
    let named = #"{"id":"01980000-0000-7000-8000-000000000003","name":null,"pack":"wave"}"#
    #expect(
      text(board.write)
        == #"{"at":"1970-01-01T00:00:00.000000Z","journal_size":7,"operation":"# + Self.operationText
        + #","participants":[{"id":"01980000-0000-7000-8000-000000000002","name":"Unit"}],"providers":[{"figures":"#
        + counted + #","provider":"# + named + #"}],"total":"# + counted + "}")
    let card = ScorecardMessage(provider: provider, figures: figures, medianToAnswer: 60, medianToSeenGone: nil)
    #expect(
      text(card.write)
        == #"{"figures":"# + counted + #","median_seconds_to_answer":60,"median_seconds_to_seen_gone":null,"provider":"#
        + named + "}")
  }

  @Test("an outlet with its days")
  func outlet() throws {
    let body = #"{"days":[{"day":"2026-11-23","posts":3,"accounts":2,"reach":100}]}"#
    let days = try ObservationsMessage(parsing: Array(body.utf8), mostDays: 1).days
    let outlet = Outlet(
      id: id(1), agency: id(2), operation: id(3), name: "Beacon", reviewAt: Instant(microseconds: 0))
    #expect(
      text { OutletMessage.write(outlet, days: days, to: &$0) }
        == #"{"agency":"01980000-0000-7000-8000-000000000002","#
        + #""days":[{"accounts":2,"day":"2026-11-23","posts":3,"reach":100}],"#
        + #""id":"01980000-0000-7000-8000-000000000001","name":"Beacon","#
        + #""operation":"01980000-0000-7000-8000-000000000003","review_at":"1970-01-01T00:00:00.000000Z"}"#)
    let day = #""day":"2026-11-23","posts":3,"accounts":2"#
    refuses([
      "{}", #"{"days":[]}"#, "{\"days\":[{\(day)}]}", "{\"days\":[{\(day),\"reach\":-1}]}",
      "{\"days\":[{\(day),\"reach\":1,\"x\":1}]}", "{\"days\":[{\(day),\"reach\":1},{\(day),\"reach\":1}]}",
    ]) { _ = try ObservationsMessage(parsing: $0, mostDays: 1) }
    let new = try NewOutletMessage(parsing: Array(#"{"name":"Beacon"}"#.utf8))
    #expect(new.name == "Beacon" && new.operation == nil)
    refuses([#"{"operation":null}"#, #"{"name":"a","operation":"x"}"#]) { _ = try NewOutletMessage(parsing: $0) }
  }

  @Test("a case with its facts")
  func caseFile() throws {
    let file = CaseFile(id: id(1), agency: id(2), operation: nil, prosecutor: id(3), reference: "UJs 17/26")
    let fact = CaseMessage.Fact(index: 9, kind: .preservationRequest, happenedAt: Instant(microseconds: 0), note: nil)
    #expect(
      text(CaseMessage(file: file, facts: [fact]).write)
        == #"{"agency":"01980000-0000-7000-8000-000000000002","facts":[{"happened_at":"1970-01-01T00:00:00.000000Z","#
        + #""journal_index":9,"kind":"preservation_request","note":null}],"id":"01980000-0000-7000-8000-000000000001","#
        + #""operation":null,"prosecutor":"01980000-0000-7000-8000-000000000003","reference":"UJs 17/26"}"#)
    let new = try NewCaseMessage(parsing: Array(#"{"reference":"r","prosecutor":"petra"}"#.utf8))
    #expect(new.reference == "r" && new.prosecutor == "petra" && new.operation == nil)
    refuses(["{}", #"{"reference":"r","leader":"p"}"#]) { _ = try NewCaseMessage(parsing: $0) }
    refuses([
      #"{"kind":"arrest"}"#, #"{"happened_at":"2026-11-23T20:30:00Z"}"#,
      #"{"kind":"dance","happened_at":"2026-11-23T20:30:00Z"}"#,
    ]) { _ = try CaseFactMessage(parsing: $0) }
  }

  @Test("an interest has an address and an end")
  func interest() throws {
    let message = try InterestMessage(
      parsing: Array(#"{"address":"hxxps://x[.]example","until":"1970-01-01T00:00:00Z"}"#.utf8))
    #expect(message.address == "hxxps://x[.]example" && message.until == Instant(microseconds: 0))
    refuses(["{}", #"{"address":"x"}"#, #"{"address":"x","until":null}"#]) { _ = try InterestMessage(parsing: $0) }
  }
}
