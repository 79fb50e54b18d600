import Domain
import Testing

@Suite("Reading JSON") struct JSONParserTests {
  private func parse(_ text: String) throws(JSONFault) -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

  private static let document =
    #" { "a" : [ 1 , -20 , true , false , null ] , "b\u00e9\n" : { "😀" : "\ud83d\ude00/" } } "#

  @Test("what is written with white space and escapes is read")
  func reads() throws {
    guard case .object(let object) = try parse(Self.document) else {
      Issue.record("not an object")
      return
    }
    #expect(object["a"] == .array([.integer(1), .integer(-20), .boolean(true), .boolean(false), .null]))
    guard case .object(let inner)? = object["bé\n"] else {
      Issue.record("no inner object")
      return
    }
    #expect(try inner.text("😀") == "😀/")
    #expect(object.members.map(\.key) == ["a", "bé\n"])
  }

  @Test("a document cut off at any byte is refused")
  func truncated() {
    let bytes = Array(Self.document.utf8)
    // The last byte is white space.
    for length in 0..<bytes.count - 1 {
      #expect(throws: JSONFault.self, "\(length)") { try JSONValue(parsing: Array(bytes.prefix(length))) }
    }
  }

  @Test("a document with any one byte changed is read or refused, never a crash")
  func changed() {
    let bytes = Array(Self.document.utf8)
    for position in bytes.indices {
      for byte in UInt8.min...UInt8.max {
        var other = bytes
        other[position] = byte
        _ = try? JSONValue(parsing: other)
      }
    }
  }

  @Test("64 levels are read, 65 and a hundred thousand are refused")
  func depth() throws {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      func nested(_ depth: Int) -> String {
        String(repeating: open, count: depth) + (open == "[" ? "" : "1") + String(repeating: close, count: depth)
      }
      _ = try parse(nested(64))
      #expect(throws: JSONFault.tooDeep) { try parse(nested(65)) }
      #expect(throws: JSONFault.tooDeep) { try parse(nested(100_000)) }
    }
    // Depth is how deep, not how many.
    _ = try parse("[" + String(repeating: "[],", count: 1_000) + "[]]")
  }

  @Test(
    "numbers that are no 64-bit integers are refused as such",
    arguments: ["1.0", "1e3", "1E3", "-0.5", "0.0", "9223372036854775808", "-9223372036854775809", "1.", "1e"])
  func floats(text: String) {
    #expect(throws: JSONFault.notAnInteger(at: 0)) { try parse(text) }
  }

  @Test("the ends of the range of integers are read", arguments: [Int64.max, Int64.min, 0, -1])
  func integerRange(value: Int64) {
    let read = try? parse("\(value)")
    #expect(read == .integer(value))
  }

  @Test(
    "surrogates that do not make a pair are refused",
    arguments: [
      #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#, #""\ud800\n""#, #""\udc00\ud800""#,
      #""\ud83d\u0041""#, #""\uD83D\"#, #""\ud83d\u""#,
    ])
  func surrogates(text: String) {
    #expect(throws: JSONFault.self) { try parse(text) }
  }

  @Test(
    "what RFC 8259 does not know is refused",
    arguments: [
      "", " ", "01", "-01", "-", "+1", "--1", "tru", "True", "nul", "NaN", "Infinity", "'a'", "\"a", "\"\\x\"",
      "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "\"\t\"", "\"\u{0}\"", "[1,]", "[,1]", "[1 2]", "[1", "{\"a\"}", "{\"a\":}",
      "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}", "1 1", "[]]", "/**/1", "\u{FEFF}1", "\u{A0}1", "0x10", "1_000",
      "]", "}", ",", ":",
    ])
  func refusals(text: String) {
    #expect(throws: JSONFault.self) { try parse(text) }
  }

  @Test(
    "ill-formed UTF-8 in a string is refused",
    arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80], [0x80]] as [[UInt8]])
  func illFormed(bytes: [UInt8]) {
    #expect(throws: JSONFault.self) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
    #expect(throws: JSONFault.self) { try JSONValue(parsing: [0x22, 0x5C, 0x6E] + bytes + [0x22]) }
  }

  @Test("only an object is an object")
  func objects() {
    for text in ["[]", "1", "\"a\"", "null"] {
      #expect(throws: JSONFault.notAnObject) { try JSONObject(parsing: Array(text.utf8)) }
    }
  }

  @Test("a key that comes twice is refused, since two readers could take it differently (RFC 8785, section 3.1)")
  func repeatedKey() {
    #expect(throws: JSONFault.self) { try parse(#"{"a":1,"a":2}"#) }
  }

  @Test("a member is missing, of another type, or there")
  func members() throws {
    let object = try JSONObject(parsing: Array(#"{"n":null,"i":1,"s":"x","a":["x"],"b":[1],"h":"0G"}"#.utf8))
    #expect(throws: JSONFault.missing("z")) { try object.text("z") }
    #expect(throws: JSONFault.missing("n")) { try object.integer("n") }
    #expect(throws: JSONFault.wrongType("i")) { try object.text("i") }
    #expect(throws: JSONFault.wrongType("s")) { try object.integer("s") }
    #expect(throws: JSONFault.wrongType("s")) { try object.identifier("s") }
    #expect(throws: JSONFault.wrongType("s")) { try object.instant("s") }
    #expect(throws: JSONFault.wrongType("h")) { try object.bytes(hex: "h") }
    #expect(throws: JSONFault.wrongType("b")) { try object.texts("b") }
    #expect(throws: JSONFault.wrongType("a")) { try object.integers("a") }
    #expect(throws: JSONFault.missing("s")) { try object.texts("s") }
    #expect(try object.optionalText("n") == nil)
    #expect(try object.optionalInteger("z") == nil)
    #expect(try object.optionalIdentifier("n") == nil)
    #expect(try object.texts("a") == ["x"])
    #expect(try object.integers("b") == [1])
  }
}
