import Domain
import Testing
import Wire

@Suite("Members of what comes from outside") struct MessageReaderTests {
  private enum Colour: String, CaseIterable { case red, green }

  private func reader(_ body: String) throws(MessageFault) -> MessageReader {
    try MessageReader(parsing: Array(body.utf8))
  }

  /// The sentence in which it is refused.
  private func fault(_ body: String, _ read: (MessageReader) throws -> Void) throws -> String {
    let fault = #expect(throws: MessageFault.self) { try read(try reader(body)) }
    return try #require(fault).description
  }

  @Test("each kind of member is read as it stands")
  func reads() throws {
    let json = try reader(
      #"""
      {"text":"é\n","yes":true,"number":-7,"count":9007199254740991,"id":"01980000-0000-7000-8000-000000000001",
       "at":"2026-11-23T21:30:00+01:00","day":"2026-11-23","code":"green","codes":["green","red"],"object":{"a":1}}
      """#)
    #expect(try json.text("text") == "é\n")
    #expect(try json.boolean("yes"))
    #expect(try json.integer("number") == -7)
    #expect(try json.count("count") == 9_007_199_254_740_991)
    #expect(try json.id("id") == ID<Item>(Identifier(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0001)))
    #expect(try json.instant("at") == Instant(rfc3339: "2026-11-23T20:30:00Z"))
    #expect(try json.day("day") == Instant(rfc3339: "2026-11-23T00:00:00Z"))
    #expect(try json.code("code") == Colour.green)
    #expect(try json.codes("codes") == [Colour.green, .red])
    #expect(try json.optionalObject("object")?.integer("a") == 1)
  }

  @Test("what is missing and what is null are the same")
  func missing() throws {
    for json in [try reader("{}"), try reader(#"{"a":null}"#)] {
      #expect(try json.optionalText("a") == nil)
      #expect(try json.optionalBoolean("a") == nil)
      #expect(try json.optionalInteger("a") == nil)
      #expect(try json.optionalID("a") as ID<Item>? == nil)
      #expect(try json.optionalInstant("a") == nil)
      #expect(try json.optionalCode("a") as Colour? == nil)
      #expect(try json.codes("a") as [Colour] == [])
      #expect(try json.optionalObject("a")?.has("a") == nil)
      #expect(throws: MessageFault.self) { try json.text("a") }
      #expect(throws: MessageFault.self) { try json.boolean("a") }
      #expect(throws: MessageFault.self) { try json.integer("a") }
      #expect(throws: MessageFault.self) { try json.instant("a") }
      #expect(throws: MessageFault.self) { try json.day("a") }
      #expect(throws: MessageFault.self) { try json.code("a") as Colour }
    }
  }

  @Test(
    "a wrong value is refused in a sentence that names its member", arguments: ["1.5", "{}", "[1]", "\"x\\u0000\""])
  func wrongValues(value: String) throws {
    let body = "{\"a\":\(value)}"
    let reads: [(MessageReader) throws -> Void] = [
      { _ = try $0.text("a") }, { _ = try $0.boolean("a") }, { _ = try $0.integer("a") }, { _ = try $0.count("a") },
      { _ = try $0.id("a") as ID<Item> }, { _ = try $0.instant("a") }, { _ = try $0.day("a") },
      { _ = try $0.code("a") as Colour }, { _ = try $0.codes("a") as [Colour] },
      { _ = try $0.objects("a", most: 9, "x") },
    ]
    for read in reads {
      let sentence = try fault(body, read)
      #expect(sentence.contains("`a`") || sentence.contains("integer"), "\(sentence)")
    }
  }

  @Test("counts are no less than none, days have no time, codes are said once")
  func limits() throws {
    #expect(try fault(#"{"a":-1}"#) { _ = try $0.count("a") }.contains("2^53"))
    #expect(try fault(#"{"a":9007199254740992}"#) { _ = try $0.count("a") }.contains("2^53"))
    for day in ["2026-02-30", "2026-11-23T00:00:00Z", "23.11.2026", "2026-11-2"] {
      #expect(try fault("{\"a\":\"\(day)\"}") { _ = try $0.day("a") }.contains("2026-11-23"))
    }
    #expect(try fault(#"{"a":["red","red"]}"#) { _ = try $0.codes("a") as [Colour] }.contains("twice"))
    #expect(try fault(#"{"a":"blue"}"#) { _ = try $0.code("a") as Colour }.contains("red, green"))
  }

  @Test("an element that is wrong is named with its place, and there are no more than allowed")
  func elements() throws {
    let read: (MessageReader) throws(MessageFault) -> String = { json throws(MessageFault) in try json.text("t") }
    #expect(try reader(#"{"a":[{"t":"x"},{"t":"y"}]}"#).each("a", most: 2, "things", read) == ["x", "y"])
    #expect(try reader(#"{"a":[]}"#).each("a", least: 0, most: 2, "things", read) == [])
    #expect(
      try fault(#"{"a":[{"t":"x"},{"t":1}]}"#) { _ = try $0.each("a", most: 2, "things", read) }
        == "a[1]: the member `t` has the wrong type")
    #expect(
      try fault(#"{"a":[]}"#) { _ = try $0.each("a", most: 2, "things", read) }
        == "`a` must hold 1 to 2 things, not 0")
    #expect(try fault(#"{"a":[{},{},{}]}"#) { _ = try $0.each("a", most: 2, "things", read) }.contains("not 3"))
    #expect(try fault("{}") { _ = try $0.each("a", most: 2, "things", read) }.contains("`a`"))
  }

  @Test("a misspelt member is refused and told what there is")
  func unknown() throws {
    let sentence = try fault(#"{"nmae":1}"#) { try $0.refuseUnknown(known: ["name", "at"]) }
    #expect(sentence == "there is no member `nmae`; known are at, name")
    #expect(try fault(#"{"a":1,"a":2}"#) { _ in }.contains("twice"))
  }
}
