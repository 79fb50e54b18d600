import Domain
import Foundation
import Range
import Testing
import Wire

@Suite("A range that is started again")
struct RestartTests {
  /// Refers some of everything, then lets a month pass.
  private func work(_ drill: Drill) async throws {
    try await drill.move(toHour: 100)
    for provider in [RangeProvider.chorus, .lantern, .strata, .wave] {
      _ = try drill.send(drill.addresses(provider).prefix(40).map { drill.message($0) }, to: provider)
    }
    try await drill.move(toHour: 101)
    _ = try drill.send([drill.message(drill.addresses(.lantern)[2], .retraction)], to: .lantern)
    try await drill.move(toHour: 800)
  }

  private func everything(_ drill: Drill) throws -> [String] {
    var all = (0..<drill.engine.world.itemCount).map { drill.look(drill.engine.world.address($0)) }
    let period = "from=2031-01-01T00:00:00Z&to=2032-01-01T00:00:00Z"
    for (path, query) in [("/_returns", period), ("/_postings", "day=2031-05-30")] {
      guard case .sent(200, _, _, let body) = drill.engine.control(method: "GET", path: path, query: query, body: [])
      else { continue }
      all.append(String(decoding: body, as: UTF8.self))
    }
    return all
  }

  @Test("everything stands as it stood, and only what was not acknowledged is said again")
  func takesUp() async throws {
    let drill = try Drill()
    try await work(drill)
    let before = try everything(drill)
    let said = try drill.takeAnswers(.lantern)
    let letter = try #require(drill.engine.nextLetter(of: .strata))
    try drill.restart()
    #expect(try everything(drill) == before)
    #expect(!said.isEmpty && drill.engine.nextLetter(of: .lantern) == nil)
    #expect(drill.engine.nextLetter(of: .strata)?.body == letter.body)
    // The same instant may be asked for again; nothing more comes of it.
    #expect(try await drill.move(toHour: 800).contains("\"now\""))
    #expect(try everything(drill) == before)
  }

  @Test("a last line that was not written to its end did not happen")
  func tornLine() async throws {
    let drill = try Drill()
    try await work(drill)
    let before = try everything(drill)
    for file in ["range.jsonl", "progress.jsonl"] {
      let handle = try #require(FileHandle(forWritingAtPath: drill.directory + "/" + file))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("{\"answer\":\"acc".utf8))
      try handle.close()
    }
    try drill.restart()
    #expect(try everything(drill) == before)
    _ = try drill.send([drill.message(drill.addresses(.scrap)[0])], to: .scrap)
    #expect(try drill.lines().last?.text("provider") == "scrap")
  }

  @Test("another seed or number is refused and named")
  func otherWorld() throws {
    let drill = try Drill()
    #expect(throws: RangeFault.otherWorld(drill.directory, seed: "drill", items: 1_000)) {
      _ = try Drill.open(drill.directory, seed: "other")
    }
    #expect(throws: RangeFault.otherWorld(drill.directory, seed: "drill", items: 1_000)) {
      _ = try Drill.open(drill.directory, items: 999)
    }
  }

  @Test("a line that is not the range's is refused with its number")
  func damagedLine() throws {
    let drill = try Drill()
    try Data("{}\n".utf8).write(to: URL(fileURLWithPath: drill.directory + "/range.jsonl"))
    #expect(throws: RangeFault.damaged(drill.directory + "/range.jsonl", line: 1)) { try drill.restart() }
  }
}
