import Locators
import Testing

@Suite("Links in running text")
struct LinkFinderTests {
  private func found(_ text: String) throws -> [String] {
    let finder = LinkFinder(packs: try ProviderPacks.shipped())
    return finder.links(in: Array(text.utf8)).map { String(decoding: $0.address, as: UTF8.self) }
  }

  @Test(
    "an address is found whole, without what belongs to the sentence",
    arguments: [
      ("see http://a.example/x, and", ["http://a.example/x"]),
      ("(https://a.example/b_(c)).", ["https://a.example/b_(c)"]),
      ("[text](https://a.example/m)[b](ftp://b.example/n)", ["https://a.example/m", "ftp://b.example/n"]),
      (
        "<a href=\"http://a.example/?x=1&amp;y=2\">http://a.example</a>",
        ["http://a.example/?x=1&y=2", "http://a.example"]
      ),
      (
        "\u{201C}https://a.example/q\u{201D} \u{00AB}https://b.example\u{00BB}",
        ["https://a.example/q", "https://b.example"]
      ),
      ("**https://a.example/x**", ["https://a.example/x"]),
      ("https://a.example/x_", ["https://a.example/x_"]),
      (
        "http://a.example/1,http://a.example/2;https://a.example/3",
        ["http://a.example/1", "http://a.example/2", "https://a.example/3"]
      ),
      ("{\"u\":\"https:\\/\\/a.example\\/x\"}", ["https://a.example/x"]),
      ("\u{200F}https://a.example/\u{0645}\u{200E} \u{060C}", ["https://a.example/\u{0645}"]),
      ("\u{FEFF}http://b\u{FC}cher.example/\u{3002}x", ["http://b\u{FC}cher.example/"]),
      ("http://[::1]:80/x]", ["http://[::1]:80/x"]),
    ])
  func whole(text: String, links: [String]) throws {
    #expect(try found(text) == links)
  }

  @Test(
    "a defanged address is found as it was before",
    arguments: [
      ("hxxps://x[.]y.example/a", "https://x.y.example/a"), ("hXXp[:]//x(.)example", "http://x.example"),
      ("http[:]//x{.}example[:]8080/a[.]php", "http://x.example:8080/a.php"),
      ("fxp://files[dot]example/a", "ftp://files.example/a"),
      ("hxxp://x dot y dot example/z.", "http://x.y.example/z"),
      ("https[://]x[.]example[/]a", "https://x.example/a"), ("evil[.]example", "http://evil.example"),
      ("[hxxp://a[.]example/x]", "http://a.example/x"),
    ])
  func defanged(text: String, link: String) throws {
    #expect(try found("before \(text) after") == [link])
  }

  @Test("without a scheme only www, known hosts with a path, and defanged hosts are meant")
  func bare() throws {
    #expect(try found("www.a.example/x") == ["http://www.a.example/x"])
    #expect(try found("t.me/name, youtu.be/abc") == ["https://t.me/name", "https://youtu.be/abc"])
    #expect(try found("name.t.me/12") == ["https://name.t.me/12"])
    #expect(try found("t.me and a.example/b and me@t.me/x a dot b 1.2.3") == [])
    #expect(LinkFinder().links(in: Array("t.me/name".utf8)).isEmpty)
  }

  @Test("the range covers what stands in the text")
  func range() throws {
    let text = Array("x hxxp://a[.]example/b. y".utf8)
    let link = try #require(LinkFinder().links(in: text).first)
    #expect(String(decoding: text[link.range], as: UTF8.self) == "hxxp://a[.]example/b")
  }

  @Test(
    "no text takes more than linear time",
    arguments: [
      "http://", "a[.]", "www.", "((((", "hxxp://a dot ", "[.]", "\\/", "h**p", "http://a(", "a.b-",
      "http://...",
    ])
  func linear(unit: String) throws {
    let finder = LinkFinder(packs: try ProviderPacks.shipped())
    let text = Array(String(repeating: unit, count: 2_000_000 / unit.utf8.count).utf8)
    let clock = ContinuousClock()
    let time = clock.measure { _ = finder.links(in: text) + LinkFinder().links(in: Defang.refang(text)) }
    #expect(time < .seconds(5))
  }

  @Test(
    "a cell is refanged as a whole, and left alone when it is not defanged",
    arguments: [
      ("hxxps[:]//x[.]example/a[.]html", "https://x.example/a.html"), ("x[.]example", "x.example"),
      ("http://x.example/a[.]b", "http://x.example/a[.]b"), ("http://[::1]/", "http://[::1]/"),
      ("a dot b", "a dot b"), ("", ""), ("[", "["),
    ])
  func cell(text: String, plain: String) {
    #expect(String(decoding: Defang.refang(Array(text.utf8)), as: UTF8.self) == plain)
  }
}
