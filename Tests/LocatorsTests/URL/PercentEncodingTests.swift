import Locators
import Testing

@Suite("Percent-encode sets")
struct PercentEncodingTests {
  @Test(
    "each set holds controls, what is above U+007E, and the characters that the standard lists",
    arguments: [
      (PercentEncoding.EncodeSet.c0Control, ""), (.fragment, " \"<>`"), (.query, " \"#<>"),
      (.specialQuery, " \"#<>'"),
      (.path, " \"#<>?^`{}"), (.userinfo, " \"#<>?^`{}/:;=@[\\]|"),
      (.component, " \"#<>?^`{}/:;=@[\\]|$%&+,"),
      (.formURLEncoded, " \"#<>?^`{}/:;=@[\\]|$%&+,!'()~"),
    ])
  func members(set: PercentEncoding.EncodeSet, listed: String) {
    for byte in UInt8.min...UInt8.max {
      let belongs = byte < 0x20 || byte > 0x7E || listed.utf8.contains(byte)
      #expect(set.contains(byte) == belongs, "\(byte)")
    }
  }

  @Test("encoding writes upper-case digits, and decoding takes both cases and leaves a stray % alone")
  func roundTrip() {
    #expect(PercentEncoding.encode("a b\u{E9}".utf8, .path) == Array("a%20b%C3%A9".utf8))
    #expect(PercentEncoding.percentDecode("%c3%A9%2%zz%".utf8) == Array("\u{E9}%2%zz%".utf8))
    #expect(PercentEncoding.encode("a~b".utf8, .path.adding("~")) == Array("a%7Eb".utf8))
  }
}
