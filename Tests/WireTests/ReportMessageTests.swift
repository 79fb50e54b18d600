import Domain
import Testing
import Wire

@Suite("The body of a report") struct ReportMessageTests {
  private func read(_ body: String, most: Int = 3) throws(MessageFault) -> ReportMessage {
    try ReportMessage(parsing: Array(body.utf8), mostReports: most)
  }

  @Test("one report with everything beside it")
  func single() throws {
    let message = try read(
      #"""
      {"address": "https://x.example/é\n", "kind": "archive_copy", "note": "n", "stated_at": "yesterday",
       "stated_source": "s", "operation": "Action day", "handling": "H3", "sharing": "installation"}
      """#)
    #expect(message.operation == "Action day" && message.handling == .h3 && message.sharing == .installation)
    let report = try #require(message.reports.first)
    #expect(message.reports.count == 1)
    #expect(report.address == "https://x.example/é\n" && report.kind == .archiveCopy && report.note == "n")
    #expect(report.statedAt == "yesterday" && report.statedSource == "s")
  }

  @Test("what is not said, or null, has its default: handling H0, the owner alone, no operation")
  func defaults() throws {
    for body in [
      #"{"address":"a"}"#,
      #"{"address":"a","kind":null,"note":null,"operation":null,"handling":null,"sharing":null,"stated_at":null}"#,
      #"{"items":[{"address":"a"}],"operation":null}"#,
    ] {
      let message = try read(body)
      #expect(message.operation == nil && message.handling == .h0 && message.sharing == .owner)
      let report = try #require(message.reports.first)
      #expect(report.address == "a" && report.kind == nil && report.note == nil)
      #expect(report.statedAt == nil && report.statedSource == nil)
    }
  }

  @Test("several reports keep their order and share the terms")
  func several() throws {
    let message = try read(
      #"{"items":[{"address":"b"},{"address":"a","kind":"page"},{"address":"b"}],"handling":"H1"}"#)
    #expect(message.reports.map(\.address) == ["b", "a", "b"])
    #expect(message.reports.map(\.kind) == [nil, .page, nil])
    #expect(message.handling == .h1)
  }

  @Test("no more reports than allowed, and at least one")
  func counts() throws {
    func items(_ count: Int) -> String {
      "{\"items\":[" + Array(repeating: #"{"address":"a"}"#, count: count).joined(separator: ",") + "]}"
    }
    #expect(try read(items(3)).reports.count == 3)
    #expect(try read(items(1_000), most: 1_000).reports.count == 1_000)
    for count in [0, 4] { #expect(throws: MessageFault.self) { try read(items(count)) } }
    let fault = #expect(throws: MessageFault.self) { try read(items(1_001), most: 1_000) }
    #expect(fault?.description == "`items` must hold 1 to 1000 reports, not 1001")
  }

  @Test(
    "what is wrong is refused with a sentence that names the member",
    arguments: [
      ("", "JSON"), ("{", "JSON"), ("[]", "object"), ("\"a\"", "object"), ("{}", "`address`"),
      (#"{"address":""}"#, "`address`"), (#"{"address":null}"#, "`address`"), (#"{"address":1}"#, "`address`"),
      (#"{"address":["a"]}"#, "`address`"), (#"{"address":"a","kind":"hologram"}"#, "`kind`"),
      (#"{"address":"a","kind":"Page"}"#, "`kind`"), (#"{"address":"a","kind":1}"#, "`kind`"),
      (#"{"address":"a","handling":"h0"}"#, "`handling`"), (#"{"address":"a","sharing":"world"}"#, "`sharing`"),
      (#"{"address":"a","operation":7}"#, "`operation`"), (#"{"address":"a","note":{}}"#, "`note`"),
      (#"{"address":"a","adress":"b"}"#, "`adress`"), (#"{"adress":"b"}"#, "`adress`"),
      (#"{"items":[{"address":"a","handling":"H1"}]}"#, "`handling`"),
      (#"{"items":[{"address":"a"}],"address":"b"}"#, "`address`"),
      (#"{"items":[{"address":"a"}],"note":"b"}"#, "`note`"), (#"{"items":{"address":"a"}}"#, "`items`"),
      (#"{"items":null}"#, "`items`"), (#"{"items":["a"]}"#, "`items`"), (#"{"items":[[{"address":"a"}]]}"#, "`items`"),
      (#"{"items":[{}]}"#, "`address`"), (#"{"address":"a\u0000"}"#, "`address`"),
      (#"{"address":"a","note":"\u0000"}"#, "`note`"), (#"{"address":"a","operation":"\u0000"}"#, "`operation`"),
      (#"{"address":1.5}"#, "integer"), (#"{"address":"\ud800"}"#, "JSON"),
    ])
  func refusals(body: String, named: String) {
    let fault = #expect(throws: MessageFault.self) { try read(body) }
    #expect(fault?.description.contains(named) == true, "\(fault?.description ?? "")")
  }

  @Test("a body nested a hundred thousand deep is refused")
  func depth() {
    let fault = #expect(throws: MessageFault.self) {
      try read(#"{"items":"# + String(repeating: "[", count: 100_000))
    }
    #expect(fault?.description == "the body is nested too deep")
  }

  @Test("a body cut off at any byte is refused")
  func truncated() {
    let body = Array(#"{"items":[{"address":"https://x.example/","note":"\u00e9"}],"handling":"H2"}"#.utf8)
    for length in body.indices {
      #expect(throws: MessageFault.self) { try ReportMessage(parsing: Array(body.prefix(length)), mostReports: 9) }
    }
  }

  @Test("a member that comes twice is refused: of two addresses none may be lost without a word")
  func repeatedMember() {
    #expect(throws: MessageFault.self) { try read(#"{"address":"a","address":"b"}"#) }
  }
}
