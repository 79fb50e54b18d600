import Domain
import Locators
import Testing

@Suite("Provider packs")
struct ProviderPacksTests {
  private static let small = """
    name: small
    title: Small
    service: paste
    hosts: [small.example]
    locators:
      - match: "/p/{id:id}"
        kind: document
        canonical: "https://small.example/p/{id}"
    samples:
      - {url: "http://small.example/p/a", canonical: "https://small.example/p/a", kind: document}
    """

  private func load(_ texts: String...) throws(PackFault) -> ProviderPacks {
    try ProviderPacks(files: texts.enumerated().map { ("own\($0).yaml", Array($1.utf8)) })
  }

  @Test("every sample of every shipped pack holds")
  func shipped() throws {
    let packs = try ProviderPacks.shipped()
    #expect(packs.all.count >= 21)
    for pack in packs.all {
      for result in packs.check(pack) { #expect(result.holds, "\(pack.name): \(result.problems)") }
    }
  }

  @Test("an archive copy keeps its own address and names the canonical original")
  func archive() throws {
    let canonicalizer = Canonicalizer(packs: try ProviderPacks.shipped())
    let url = try WebURL("http://web.archive.org/web/2020id_/http://m.youtube.com/watch?v=a&feature=b")
    let locator = try canonicalizer.locate(url)
    #expect(locator.text == "https://web.archive.org/web/2020/http://m.youtube.com/watch?v=a&feature=b")
    #expect(locator.kind == .archiveCopy)
    #expect(locator.original == Array("https://www.youtube.com/watch?v=a".utf8))
  }

  @Test("a user's pack replaces the shipped one of its name")
  func replaces() throws {
    let own = Self.small.replacing("name: small", with: "name: wave")
    let packs = try load(own)
    #expect(packs.pack(named: "wave")?.title == "Small")
    #expect(packs.all.count == (try ProviderPacks.shipped()).all.count)
  }

  @Test("a host that two packs claim is a fault that names both")
  func claims() throws {
    let fault = try #require(throws: PackFault.self) {
      try load(Self.small.replacing("hosts: [small.example]", with: "hosts: [small.example, t.me]"))
    }
    #expect(fault.problem.contains("small") && fault.problem.contains("telegram"))
  }

  @Test(
    "a fault names its line and what to write",
    arguments: [
      ("service: paste", "service: pastes", 3), ("kind: document", "kind: text", 6),
      ("{id:id}\"", "{id:word}\"", 6),
      ("title: Small", "titel: Small", 2), ("{id}\"", "{other}\"", 6),
      ("hosts: [small.example]", "hosts: [Small]", 4),
      ("name: small", "name: [", 3),
    ])
  func faults(part: String, wrong: String, line: Int) throws {
    let fault = try #require(throws: PackFault.self) { try load(Self.small.replacing(part, with: wrong)) }
    #expect(fault.file == "own0.yaml")
    #expect(fault.line != nil && !fault.remedy.isEmpty)
    if wrong != "name: [" { #expect(abs((fault.line ?? 0) - line) <= 2) }
  }

  @Test("a value may not move to a part of the address where it would mean more")
  func moves() throws {
    let fault = try #require(throws: PackFault.self) {
      try load(
        Self.small.replacing("/p/{id:id}", with: "/p/{id}").replacing("/p/{id}\"", with: "/p?v={id}\""))
    }
    #expect(!fault.remedy.isEmpty)
  }

  @Test(
    "no file crashes the reader",
    arguments: [
      "", "\u{0}", "- a", "[", String(repeating: "[", count: 100_000), "&a [*a]", "name: &a {b: *a}", "{",
    ])
  func hostile(text: String) {
    #expect(throws: PackFault.self) { try load(text) }
    #expect(throws: PackFault.self) { try ProviderPacks(files: [("x", [0xFF, 0xFE])]) }
  }
}

extension String {
  /// The text with the first occurrence of `part` replaced.
  fileprivate func replacing(_ part: String, with other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}
