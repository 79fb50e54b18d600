import Domain
import Testing

@Suite("Writing canonical JSON") struct JSONWriterTests {
  private func text(_ body: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    body(&json)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  @Test("the string of RFC 8785, section 3.2.2, comes out as its section 3.2.4 has it")
  func standardString() throws {
    // The escapes of the RFC's input; what they stand for is written with JSON's shortest forms.
    let input = #""\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/""#
    guard case .string(let value) = try JSONValue(parsing: Array(input.utf8)) else {
      Issue.record("not a string")
      return
    }
    #expect(text { $0.string(value) } == #""€$\u000f\nA'B\"\\\\\"/""#)
  }

  @Test("control characters have their short form or four digits; nothing else is escaped")
  func escapes() {
    let expected = (0..<0x20).map { code in
      switch code {
      case 0x08: "\\b"
      case 0x09: "\\t"
      case 0x0A: "\\n"
      case 0x0C: "\\f"
      case 0x0D: "\\r"
      default: "\\u00" + Hex.encode([UInt8(code)])
      }
    }
    for code in 0..<0x20 {
      #expect(text { $0.string(utf8: [UInt8(code)]) } == "\"\(expected[code])\"")
    }
    let plain = "/\u{7F}\u{80}\u{2028}\u{2029}\u{FEFF}é🏴‍☠️<>&'"
    #expect(text { $0.string(plain) } == "\"\(plain)\"")
    #expect(text { $0.string("\"\\") } == #""\"\\""#)
    #expect(text { $0.string("") } == "\"\"")
  }

  @Test(
    "integers are plain decimals",
    arguments: [
      (0, "0"), (-0, "0"), (7, "7"), (-1, "-1"), (10, "10"), (9_007_199_254_740_991, "9007199254740991"),
      (-9_007_199_254_740_991, "-9007199254740991"), (.max, "9223372036854775807"), (.min, "-9223372036854775808"),
    ] as [(Int64, String)])
  func integers(value: Int64, expected: String) {
    #expect(text { $0.integer(value) } == expected)
  }

  @Test("members and elements are divided by commas, nowhere else; there is no white space")
  func structure() {
    let written = text { json in
      json.object { json in
        json.key("a")
        json.array { json in
          json.null()
          json.boolean(true)
          json.boolean(false)
          json.object { _ in }
          json.array { _ in }
          json.hex([0xAB])
        }
        json.key("b")
        json.identifier(Identifier(high: 0, low: 1))
        json.key("c")
        json.instant(Instant(microseconds: 0))
      }
    }
    #expect(
      written == #"{"a":[null,true,false,{},[],"ab"],"b":"00000000-0000-0000-0000-000000000001","#
        + #""c":"1970-01-01T00:00:00.000000Z"}"#)
  }
}
