import Locators
import Testing

@Suite("Addresses")
struct WebURLTests {
  @Test("components are ranges of the serialization, and null differs from empty")
  func components() throws {
    let url = try WebURL("HTTPS://u:p@Example.ORG:8443/a/../b?x=1#")
    #expect(url.hrefString == "https://u:p@example.org:8443/b?x=1#")
    #expect(url.scheme == Array("https".utf8)[...])
    #expect(url.username == Array("u".utf8)[...])
    #expect(url.password == Array("p".utf8)[...])
    #expect(url.host == Array("example.org".utf8)[...])
    #expect(url.port == 8443)
    #expect(url.path == Array("/b".utf8)[...])
    #expect(url.query == Array("x=1".utf8)[...])
    #expect(url.fragment == [])
    #expect(try WebURL("https://example.org").fragment == nil)
    #expect(try WebURL("https://example.org").query == nil)
  }

  @Test("bytes that are not UTF-8 count as U+FFFD, and a tab does not join what it parts")
  func illFormed() throws {
    #expect(try WebURL([UInt8]("http://h/".utf8) + [0xC3, 0x28]).pathname == "/%EF%BF%BD(")
    #expect(try WebURL([UInt8]("http://h/".utf8) + [0xC3, 0x09, 0xA9]).pathname == "/%EF%BF%BD%EF%BF%BD")
    #expect(throws: URLFault.domainToASCII) { try WebURL([UInt8]("http://h".utf8) + [0xC3]) }
  }

  @Test(
    "each refusal names its reason",
    arguments: [
      ("example.org", URLFault.missingScheme), ("https://", .missingHost), ("https://u@/", .missingHost),
      ("https://h:x/", .portInvalid), ("https://h:65536/", .portOutOfRange),
      ("https://\u{AD}/", .domainToASCII),
      ("https://a b/", .domainInvalidCodePoint), ("sc://a b/", .hostInvalidCodePoint),
      ("https://1.2.3.4.5/", .ipv4TooManyParts), ("https://1.x.3/", .ipv4NonNumericPart),
      ("https://1.2.3.256/", .ipv4OutOfRangePart), ("https://[::1/", .ipv6Unclosed),
      ("https://[:1]/", .ipv6InvalidCompression), ("https://[1:2:3:4:5:6:7:8:9]/", .ipv6TooManyPieces),
      ("https://[1::2::3]/", .ipv6MultipleCompression), ("https://[g::]/", .ipv6InvalidCodePoint),
      ("https://[1:2]/", .ipv6TooFewPieces), ("https://[1:2:3:4:5:6:7:1.2.3.4]/", .ipv4InIPv6TooManyPieces),
      ("https://[::01.2.3.4]/", .ipv4InIPv6InvalidCodePoint),
      ("https://[::1.2.3.256]/", .ipv4InIPv6OutOfRangePart),
      ("https://[::1.2]/", .ipv4InIPv6TooFewParts),
      ("https://" + String(repeating: "\u{E9}", count: 5_000), .domainTooLong),
    ])
  func faults(input: String, fault: URLFault) {
    #expect(throws: fault) { try WebURL(input) }
    #expect(!fault.description.isEmpty)
  }

  @Test(
    "a host is a domain only under a special scheme and when it is no IP address",
    arguments: [
      ("https://example.org", true), ("https://a1.b2", true), ("https://0x7f.1", false),
      ("https://[::1]", false),
      ("file:///x", false), ("sc://example.org", false), ("mailto:a@example.org", false),
    ])
  func domains(input: String, isDomain: Bool) throws {
    #expect(try WebURL(input).hostIsDomain == isDomain)
  }

  @Test(
    "internationalised domains follow UTS 46 and not IDNA 2008",
    arguments: [
      ("fa\u{DF}.de", "xn--fa-hia.de"), ("STRA\u{1E9E}E.de", "xn--strae-oqa.de"),
      ("\u{263A}.com", "xn--74h.com"),
      ("ab--\u{E9}.com", "xn--ab---epa.com"), ("\u{65E5}\u{672C}\u{3002}\u{FF2A}\u{FF30}", "xn--wgv71a.jp"),
      ("\u{915}\u{94D}\u{200D}\u{937}.com", "xn--11b2ezcw70k.com"), ("\u{E9}..x", "xn--9ca..x"),
      ("\u{646}\u{627}\u{645}\u{647}\u{200C}\u{627}\u{6CC}.com", "xn--mgba3gch31f060k.com"),
    ])
  func internationalDomains(host: String, ascii: String) throws {
    #expect(try WebURL("https://\(host)/").hostname == ascii)
  }

  @Test(
    "joiners out of place, mixed directions and false A-labels are refused",
    arguments: [
      "a\u{200C}b.com", "\u{1F468}\u{200D}\u{1F469}.com", "0a.\u{5D0}\u{5D1}", "\u{5D0}b.com",
      "\u{301}\u{E9}.com",
      "\u{E9}.xn--pokxncvks", "\u{E9}.xn--abc-", "\u{E9}.xn--", "\u{FFFD}.com",
    ])
  func refusedDomains(host: String) {
    #expect(throws: URLFault.domainToASCII) { try WebURL("https://\(host)/") }
  }

  @Test("replaced parts leave the others alone")
  func replacing() throws {
    let url = try WebURL("http://u:p@m.example.org:8080/a?b#c")
    let changed = url.replacing(
      scheme: Array("https".utf8), host: Array("example.org".utf8), port: .some(nil), query: .some(nil),
      fragment: .some(nil), removingUserinfo: true)
    #expect(changed.hrefString == "https://example.org/a")
    #expect(try changed == WebURL("https://example.org/a"))
    #expect(url.replacing(port: 443).replacing(scheme: Array("https".utf8)).port == nil)
    #expect(url.replacing() == url)
  }

  @Test("an input beyond the limit is refused")
  func tooLong() {
    let input = [UInt8](repeating: 0x61, count: WebURL.maximumInputLength + 1)
    #expect(throws: URLFault.tooLong) { try WebURL(input) }
  }
}
