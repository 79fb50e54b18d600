import ExchangeFormats
import Testing

@Suite("JSON Lines")
struct JSONLineTests {
  @Test(
    "each line is an object or a bare string",
    arguments: [
      (#"{"url":"https://a.example"}"#, "https://a.example"),
      (#" { "URI" : "a" , "note" : "b" } "#, "a|b"),
      (#""https://a.example""#, "https://a.example"),
      (
        #"{"comment":"n","address":"a","type":"video","reported_at":"2026","source":"s"}"#, "a|n|video|2026|s"
      ),
      (#"{"href":"h","link":"l","title":"t","note":"n"}"#, "l|n"),
      (#"{"url":null,"link":" l "}"#, "l"),
      (#"{"x":{"url":"no"},"y":[1,-0.5e+10,true,false,null,"s",[{}]],"url":"a"}"#, "a"),
      (#"{"u\u0072l":"\u0061\/\"\\\b\f\n\r\tz"}"#, "a/\"\\\u{08}\u{0C}\n\r\tz"),
      (#"{"url":"\ud83d\ude00é\u20ac"}"#, "😀é€"),
      (#"{"url":"a","kind":7,"note":["x"]}"#, "a"),
    ])
  func accepted(line: String, expected: String) {
    #expect(short(read(line, .jsonl)) == ["1 " + expected])
  }

  @Test(
    "what is not strict JSON is rejected with the reason and the byte",
    arguments: [
      ("[]", .notAnObjectOrString, 1), ("1", .notAnObjectOrString, 1), ("x", .notAnObjectOrString, 1),
      (#"{"url":"a""#, .unexpectedEnd, 11), (#"{"url":"a"#, .unexpectedEnd, 10), ("{", .unexpectedEnd, 2),
      (#"{"url" "a"}"#, .unexpectedCharacter, 8), (#"{"url":"a",}"#, .unexpectedCharacter, 12),
      (#"{url:"a"}"#, .unexpectedCharacter, 2), (#"{"x":[1,],"url":"a"}"#, .unexpectedCharacter, 9),
      (#"{"x":nul}"#, .unexpectedCharacter, 9), (#"{"x":01}"#, .invalidNumber, 7),
      (#"{"x":-}"#, .invalidNumber, 7), (#"{"x":1.}"#, .invalidNumber, 8), (#"{"x":1e}"#, .invalidNumber, 8),
      (#"{"x":+1}"#, .unexpectedCharacter, 6), (#"{"x":.5}"#, .unexpectedCharacter, 6),
      (#"{"x":NaN}"#, .unexpectedCharacter, 6),
      ("\"a\tb\"", .controlCharacter, 3), (#""\x""#, .invalidEscape, 2), (#""\u12g4""#, .invalidEscape, 2),
      (#""\ud800""#, .loneSurrogate, 2), (#""\udc00\ud800""#, .loneSurrogate, 2),
      (#""\ud800\u0061""#, .loneSurrogate, 2), (#""a\u0000""#, .nulCharacter, 2),
      (#"{"url":"a"} {}"#, .textAfterValue, 13), (#""a" b"#, .textAfterValue, 5),
      (#"{"url":"a","url":"b"}"#, .repeatedKey, 12), (#"{"url":["a"]}"#, .addressNotString, 8),
    ] as [(String, IntakeFault.JSONReason, Int)])
  func rejected(line: String, reason: IntakeFault.JSONReason, column: Int) {
    #expect(faults(read(line, .jsonl)) == [1: .malformedJSON(reason, column: column)])
  }

  @Test(
    "a line without an address is rejected", arguments: ["{}", #"{"note":"n"}"#, #"{"url":" "}"#, #""""#])
  func missingAddress(line: String) {
    #expect(faults(read(line, .jsonl)) == [1: .missingAddress])
  }

  @Test("nesting is taken 64 deep and no deeper", arguments: [(63, true), (64, false), (30_000, false)])
  func depth(arrays: Int, isTaken: Bool) {
    let nest = String(repeating: "[", count: arrays) + String(repeating: "]", count: arrays)
    let lines = read("{\"url\":\"a\",\"x\":\(nest)}", .jsonl)
    #expect(faults(lines).isEmpty == isTaken)
  }

  @Test("blank lines are blank")
  func blank() {
    #expect(short(read("\n  \r\n\"a\"\n", .jsonl)) == ["1 -", "2 -", "3 a"])
  }
}
