import Domain
import Foundation
import Locators
import Range
import Testing

@Suite("Pages")
struct PageTests {
  @Test("a page is the same each time, 1 to 4 KiB, and carries no date")
  func pagesAreStable() async throws {
    let drill = try Drill()
    try await drill.move(toHour: 95)
    for item in stride(from: 0, to: 900, by: 9) {
      let page = drill.look(drill.engine.world.address(item))
      #expect(page == drill.look(drill.engine.world.address(item)))
      guard page.hasPrefix("HTTP/1.1 200") else { continue }
      #expect((900...4_096).contains(page.utf8.count) && page.contains("<title>"))
      #expect(!page.lowercased().contains("\r\ndate:"))
    }
  }

  @Test("home pages, sign-in pages and nothing else are there besides the items")
  func otherPages() throws {
    let drill = try Drill()
    for host in ["www.wave.example", "pigeon.example", "www.quill.example", "chorus.example"] {
      for path in ["/", "/login", "/discover"] { #expect(drill.lookStatus("https://\(host)\(path)") == 200) }
      #expect(drill.lookStatus("https://\(host)/nothing/is/here") == 404)
    }
    #expect(drill.lookStatus("https://other.example/") == 421)
    #expect(drill.lookStatus("https://nobody.quill.example/") == 404)
  }

  @Test("another spelling leads to the address that it has")
  func aliasesLead() async throws {
    let drill = try Drill()
    try await drill.move(toHour: 95)
    let address = try #require(drill.addresses(.wave).first { $0.contains("watch") && drill.lookStatus($0) == 200 })
    let page = drill.look(address.replacing("www.", with: "m.") + "&t=4")
    #expect(page.hasPrefix("HTTP/1.1 301") && page.contains("\r\nlocation: \(address)\r\n"))
  }

  @Test("an item is not there before it is posted")
  func notYetPosted() async throws {
    let drill = try Drill()
    let early = (0..<900).count { drill.lookStatus(drill.engine.world.address($0)) == 200 }
    try await drill.move(toHour: 0)
    let later = (0..<900).count { drill.lookStatus(drill.engine.world.address($0)) == 200 }
    #expect(early < 150 && later > 780)
  }

  @Test(
    "what a provider took away is gone by its pack's signs, and what is up is not", arguments: RangeProvider.allCases)
  func packsKnowTheLooks(provider: RangeProvider) async throws {
    let drill = try Drill(items: 3_000)
    let pack = try #require(try ProviderPacks.shipped().pack(named: provider.name))
    let signs = GoneSigns(pack)
    func verdict(_ address: String) throws -> Verdict? {
      let page = drill.look(address)
      let head = page.prefix(upTo: page.range(of: "\r\n\r\n")?.lowerBound ?? page.endIndex)
      let location = head.split(separator: "\r\n").first { $0.hasPrefix("location: ") }?.dropFirst(10)
      return signs.judge(
        PageReply(
          address: try WebURL(address), status: drill.lookStatus(address),
          location: try location.map { try WebURL(String($0)) }, marks: signs.marks.found(in: Array(page.utf8)))
      )?.verdict
    }
    try await drill.move(toHour: 100)
    let addresses = drill.addresses(provider)
    let live = try addresses.filter { try drill.lookStatus($0) == 200 && verdict($0) == .live }
    #expect(live.count * 10 > addresses.count * 9)
    var verdicts: [Verdict: Int] = [:]
    let batch = min(pack.referrals.batch, 100)
    let chosen = Array(live.prefix(120))
    for start in stride(from: 0, to: chosen.count, by: batch) {
      let messages = chosen[start..<min(chosen.count, start + batch)].map { drill.message($0) }
      guard provider != .depot else { continue }
      while try drill.results(try drill.send(messages, to: provider)).isEmpty {}
    }
    try await drill.move(toHour: 160)
    for address in chosen {
      // A redirect that the pack does not name is followed, and then the item has only moved.
      verdicts[try verdict(address) ?? .moved, default: 0] += 1
    }
    let gone = verdicts.filter(\.key.isGone).values.reduce(0, +)
    switch provider {
    case .quill, .depot: #expect(gone <= 3, "\(verdicts)")
    default: #expect(gone * 10 >= chosen.count * 7, "\(verdicts)")
    }
    #expect(verdicts[.unknown] == nil && verdicts[.unreachable] == nil, "\(verdicts)")
    #expect(verdicts[.moved] ?? 0 <= 2, "\(verdicts)")
  }
}
