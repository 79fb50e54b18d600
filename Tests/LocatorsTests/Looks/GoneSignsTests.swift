import Domain
import Locators
import Testing

@Suite("What a reply means")
struct GoneSignsTests {
  private static let pack = """
    name: small
    title: Small
    service: microblog
    hosts: [www.small.example, "*.small-sites.example"]
    aliases:
      m.small.example: www.small.example
    gone:
      removed: {status: [200, 404, 429, 503], marks: ["this post was removed"], redirects: ["/"]}
      soft_404: {marks: ["we looked everywhere"], redirects: ["/nothing-here"]}
      restricted: {status: [403], marks: ["Withheld in your country"], redirects: ["/members/"]}
      moved: {redirects: ["/new-home"], marks: ["has a new address"]}
    samples:
      - {url: "https://www.small.example/a", kind: page}
    """

  private let known: GoneSigns
  private let unknown = GoneSigns(nil)

  init() throws {
    known = GoneSigns(try ProviderPacks(files: [("small.yaml", Array(Self.pack.utf8))]).pack(named: "small"))
  }

  private func judge(
    _ signs: GoneSigns, _ status: Int, to location: String? = nil, page: String = "",
    at address: String = "https://www.small.example/a/post"
  ) throws -> LookJudgement? {
    let url = try WebURL(address)
    return signs.judge(
      PageReply(
        address: url, status: status, location: try location.map { try WebURL($0, base: url) },
        marks: signs.marks.found(in: Array(page.utf8))))
  }

  @Test(
    "without a pack, a status says as much as HTTP lets it say",
    arguments: [
      (200, Verdict.live, VerdictBasis.page), (206, .live, .page), (404, .removed, .status404),
      (410, .removed, .status410), (451, .restricted, .status451), (401, .restricted, .status),
      (500, .unreachable, .serverError), (503, .unreachable, .serverError), (400, .unknown, .status),
      (202, .unknown, .status), (204, .unknown, .status), (304, .unknown, .status), (999, .unknown, .status),
    ])
  func statuses(status: Int, verdict: Verdict, basis: VerdictBasis) throws {
    #expect(try judge(unknown, status) == LookJudgement(verdict, basis))
  }

  @Test("a robot that is kept out has not seen that anything is gone", arguments: [403, 405, 406, 429])
  func keptOut(status: Int) throws {
    #expect(try judge(unknown, status)?.verdict == .unknown)
  }

  @Test("a pack can't make 200, 429 or a server's error mean that something is gone", arguments: [200, 429, 503])
  func harmlessStatuses(status: Int) throws {
    #expect(try judge(known, status)?.verdict.isGone == false)
  }

  @Test("what the pack says of a status counts")
  func packStatus() throws {
    #expect(try judge(known, 403) == LookJudgement(.restricted, .status))
    #expect(try judge(known, 404) == LookJudgement(.removed, .status404))
  }

  @Test(
    "words of the pack on a page with status 200 decide, of either case",
    arguments: [
      ("<p>This Post was REMOVED</p>", Verdict.removed, VerdictBasis.tombstone),
      ("we looked everywhere", .removed, .soft404), ("it is withheld in your country, sorry", .restricted, .tombstone),
      ("it has a new address", .moved, .tombstone), ("this post was  removed", .live, .page),
    ])
  func marks(page: String, verdict: Verdict, basis: VerdictBasis) throws {
    #expect(try judge(known, 200, page: page) == LookJudgement(verdict, basis))
  }

  @Test("of two signs the more careful one counts: withheld from us is not removed")
  func careful() throws {
    let page = "this post was removed … withheld in your country"
    #expect(try judge(known, 200, page: page)?.verdict == .restricted)
    #expect(try judge(known, 404, page: page)?.verdict == .restricted)
  }

  @Test(
    "a redirect means what the pack says of its path, on hosts of the provider",
    arguments: [
      ("/", Verdict.removed, VerdictBasis.redirectHome), ("https://m.small.example/", .removed, .redirectHome),
      ("/members", .restricted, .loginWall), ("/members/?next=/a/post", .restricted, .loginWall),
      ("/nothing-here", .removed, .soft404), ("https://a.small-sites.example/new-home", .moved, .redirect),
      ("/accounts/login?next=a", .restricted, .loginWall), ("https://id.other.example/SignIn", .restricted, .loginWall),
    ])
  func redirects(location: String, verdict: Verdict, basis: VerdictBasis) throws {
    #expect(try judge(known, 302, to: location) == LookJudgement(verdict, basis))
  }

  @Test("a redirect elsewhere has to be followed", arguments: ["/other", "https://other.example/", "/loginless"])
  func followed(location: String) throws {
    #expect(try judge(known, 301, to: location) == nil)
  }

  @Test("without a pack, the home page is a sign of nothing, and never of removal")
  func homeWithoutPack() throws {
    #expect(try judge(unknown, 302, to: "/") == LookJudgement(.unknown, .redirectHome))
    #expect(try judge(unknown, 302, to: "https://small.example/") == LookJudgement(.unknown, .redirectHome))
    #expect(try judge(unknown, 301, to: "https://www.small.example/", at: "http://www.small.example/") == nil)
    #expect(try judge(unknown, 302) == LookJudgement(.unknown, .status))
  }

  @Test(
    "a live page at the end of redirects has moved, unless it is the same page",
    arguments: [
      ("http://www.small.example/a", "https://small.example/a/", Verdict.live),
      ("https://small.example/a?b=1", "https://small.example/a?b=2", .moved),
      ("https://small.example/a", "https://small.example/c", .moved),
    ])
  func moved(first: String, last: String, verdict: Verdict) throws {
    let live = LookJudgement(.live, .page)
    #expect(known.judge(live, from: try WebURL(first), to: try WebURL(last)).verdict == verdict)
    let gone = LookJudgement(.removed, .status404)
    #expect(known.judge(gone, from: try WebURL(first), to: try WebURL(last)) == gone)
  }
}

@Suite("Words in pages")
struct MarkSetTests {
  private func signs(_ marks: [String]) throws -> MarkSet {
    let quoted = marks.map { "\"\($0)\"" }.joined(separator: ", ")
    let pack = """
      {name: small, title: Small, service: paste, hosts: [small.example], gone: {removed: {marks: [\(quoted)]}},
       samples: [{url: "https://small.example/a", kind: page}]}
      """
    return GoneSigns(try ProviderPacks(files: [("small.yaml", Array(pack.utf8))]).pack(named: "small")).marks
  }

  @Test("a word is found wherever the chunks of a page are cut", arguments: 0...40)
  func seams(cut: Int) throws {
    let marks = try signs(["video unavailable", "gone", "it’s private"])
    for text in ["xx Video UNAVAILABLE yy and so on, and on", "................... gone", "…………… it’s PRIVATE ………"] {
      let bytes = Array(text.utf8)
      var scan = MarkSet.Scan()
      for piece in [bytes.prefix(cut), bytes.dropFirst(cut).prefix(3), bytes.dropFirst(cut + 3)] {
        Array(piece).withUnsafeBufferPointer { scan.feed($0, marks) }
      }
      #expect(scan.found == marks.found(in: bytes) && scan.found != MarkSet.Found())
    }
  }

  @Test("byte by byte finds what the whole finds")
  func bytewise() throws {
    let marks = try signs(["aab", "abcabd"])
    for text in ["aaaaab", "xabcabcabd", "abcabcab", "aa b"] {
      var scan = MarkSet.Scan()
      for byte in text.utf8 { [byte].withUnsafeBufferPointer { scan.feed($0, marks) } }
      #expect(scan.found == marks.found(in: Array(text.utf8)), "\(text)")
    }
    #expect(marks.found(in: Array("abcabcab".utf8)) == MarkSet.Found())
  }

  @Test("a pack without words finds nothing")
  func empty() {
    #expect(GoneSigns(nil).marks.found(in: Array("gone".utf8)) == MarkSet.Found())
  }
}

@Suite("Titles")
struct TitleScanTests {
  private func title(_ page: String, pieces: Int = 7) -> String? {
    var scan = TitleScan()
    let bytes = Array(page.utf8)
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      Array(bytes[start..<min(start + pieces, bytes.count)]).withUnsafeBufferPointer { scan.feed($0) }
    }
    return scan.title
  }

  @Test(
    "a title is read with its references, its white space folded",
    arguments: [
      ("<html><TITLE lang=en>\n Tea &amp;  houses&#33; </Title>", "Tea & houses!"),
      ("<titles>no</titles><title>yes</title><title>second</title>", "yes"), ("<<title>a<b</title>", "a<b"),
      ("<title>&unknown; &#x41;&#xD800;</title>", "&unknown; A&#xD800;"), ("<title>cut off", "cut off"),
    ])
  func read(page: String, expected: String) {
    for pieces in [1, 2, 7, 1_000] { #expect(title(page, pieces: pieces) == expected) }
  }

  @Test("a page without a title has none", arguments: ["", "<title></title>", "<p>title</p>", "<title>  </title>"])
  func none(page: String) {
    #expect(title(page) == nil)
  }

  @Test("a title ends at 200 bytes, between characters, and is looked for in the first 64 KiB")
  func bounds() {
    let long = title("<title>" + String(repeating: "é", count: 5_000) + "</title>", pieces: 512)
    #expect(long == String(repeating: "é", count: 100))
    #expect(title(String(repeating: " ", count: 65_536) + "<title>late</title>", pieces: 4_096) == nil)
    #expect(title(String(repeating: " ", count: 60_000) + "<title>in time</title>", pieces: 4_096) == "in time")
  }
}
