import Domain
import Locators
import Testing

@Suite("Canonical locators")
struct CanonicalizerTests {
  let canonicalizer: Canonicalizer

  init() throws { canonicalizer = Canonicalizer(packs: try ProviderPacks.shipped()) }

  private func canonical(_ url: String) throws -> String { try canonicalizer.locate(try WebURL(url)).text }

  @Test(
    "the general rules take off only what says nothing about the item",
    arguments: [
      ("http://User:pw@Example.ORG.:80/%7ea%2fb?b=2#top", "http://example.org/~a%2Fb?b=2"),
      ("http://a.example/%%34%31%zz", "http://a.example/%2541%25zz"),
      ("http://a.example/?utm_source=x&b=2&FBCLID=3&a=1", "http://a.example/?b=2&a=1"),
      ("http://a.example/?", "http://a.example/"), ("http://a.example/?utm_source=1&", "http://a.example/"),
      ("http://a.example/?%75tm_source=1", "http://a.example/"),
      ("http://a.example/?a&&b", "http://a.example/?a&&b"),
      ("http://a.example/#!/x", "http://a.example/#!/x"),
      ("http://www.a.example/x/", "http://www.a.example/x/"),
      ("https://7../", "https://7../"), ("http://[::1]:8080/a#b", "http://[::1]:8080/a"),
    ])
  func general(url: String, expected: String) throws {
    #expect(try canonical(url) == expected)
  }

  @Test("an unknown host is a provider by its registrable domain")
  func domains() throws {
    let locator = try canonicalizer.locate(try WebURL("https://news.site.co.uk/a"))
    #expect(locator.provider == .domain("site.co.uk"))
    #expect(locator.kind == .page)
    let address = try canonicalizer.locate(try WebURL("http://192.0.2.1/"))
    #expect(address.provider == .domain("192.0.2.1"))
    #expect(address.registrableDomain == nil)
    #expect(address.kind == .site)
  }

  @Test(
    "what names no place on the web is refused",
    arguments: [
      "javascript:alert(1)", "data:,x", "mailto:a@b.example", "blob:https://a.example/x", "file:///etc",
      "x:///a",
    ])
  func refused(url: String) throws {
    let url = try WebURL(url)
    #expect(throws: LocatorFault.self) { try canonicalizer.locate(url) }
  }

  @Test("addresses nested beyond reason are taken as they stand, and stay so")
  func nesting() throws {
    var url = "https://a.example/"
    for _ in 0..<40 { url = "https://www.google.com/amp/s/" + url.dropFirst(8) }
    let text = try canonical(url)
    #expect(text == url)
    #expect(try canonical(text) == text)
  }

  @Test("a canonical locator is its own, whatever the address")
  func idempotent() throws {
    var random = SplitMix(state: 20_311)
    let seeds = canonicalizer.packs.all.flatMap { $0.samples.map { Array($0.url.utf8) } }
    let bits = [
      "%41", "%2e", "%", "/", "//", "?", "&", "=", "#!", "..", ".", "@", "\u{E9}", "\u{3002}", "A",
      "utm_a=1&",
      "http://", "https%3A%2F%2F", "x.org/", "+", "_", "-", "~", "\\", "?q=", " ",
    ].map { Array($0.utf8) }
    for _ in 0..<100_000 {
      var text = seeds[random.below(seeds.count)]
      for _ in 0...random.below(5) {
        let place = random.below(text.count + 1)
        switch random.below(3) {
        case 0: text.insert(contentsOf: bits[random.below(bits.count)], at: place)
        case 1: if place < text.count { text.remove(at: place) }
        default: if place < text.count { text[place] = UInt8(random.below(128)) }
        }
      }
      guard let url = try? WebURL(text), let locator = try? canonicalizer.locate(url) else { continue }
      let again = try WebURL(locator.utf8)
      #expect(again.href == locator.utf8)
      #expect(
        try canonicalizer.locate(again).utf8 == locator.utf8, "\(String(decoding: text, as: UTF8.self))")
    }
  }
}

/// SplitMix64: the same numbers from the same seed on every machine.
struct SplitMix {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((value ^ (value >> 31)) % UInt64(bound))
  }
}
