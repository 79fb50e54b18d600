import Casework
import Domain
import ExchangeFormats
import Storage
import TestDesks
import Testing

@Suite("Importing a file") struct ImportItemsTests {
  /// Blank lines, comments, repetitions, rejects; 40 lines.
  private static let list =
    (0..<40).map { number in
      switch number % 8 {
      case 1: "# a comment"
      case 3: ""
      case 5: "mailto:somebody@x.example"
      case 6: "https://x.example/\(number - 6)"
      default: "https://x.example/\(number)"
      }
    }.joined(separator: "\n") + "\n"

  private func run(
    _ text: String, fileName: String = "a.list", format: IntakeFormat? = nil, chunk: Int = 100, on test: TestDesk
  ) async throws -> (summary: ImportSummary, files: MemoryFiles) {
    var files = MemoryFiles(text, chunk: chunk)
    let request = try ImportRequest(text, fileName: fileName, format: format)
    let summary = try await test.desk.importItems(request, files: &files, as: test.owner)
    return (summary, files)
  }

  private func counts(_ summary: ImportSummary) -> [Int64] {
    [summary.lines, summary.itemsNew, summary.sightings, summary.rejected, summary.blank]
  }

  @Test("every line is new, a sighting, rejected or blank", arguments: [1, 7, 100, 100_000])
  func addsUp(chunk: Int) async throws {
    let test = try await TestDesk()
    let (summary, files) = try await run(Self.list, chunk: chunk, on: test)
    #expect(counts(summary) == [40, 20, 5, 5, 10])
    #expect(files.rejects.map(\.line) == [6, 14, 22, 30, 38])
    #expect(files.rejects.allSatisfy { $0.code == .noPlace })
    #expect(files.told.last == 40)
    #expect(summary.resumedAfterLine == 0 && summary.importID != nil)
    let items = try await test.desk.items(.init(), as: test.owner)
    #expect(items.count == 20 && items.reduce(0) { $0 + $1.sightings } == 5)
    #expect(try await test.faults() == [])
    // The same file once more is another import, and all of it is known.
    #expect(counts(try await run(Self.list, chunk: chunk, on: test).summary) == [40, 0, 25, 5, 10])
  }

  @Test("a preview counts what the import then does, and records nothing")
  func preview() async throws {
    let test = try await TestDesk()
    _ = try await run("https://x.example/0\nhttps://x.example/2\n", on: test)
    let size = try await test.size()
    var files = MemoryFiles(Self.list, chunk: 33)
    let request = try ImportRequest(Self.list)
    let preview = try await test.desk.previewImport(request, files: &files, as: test.owner)
    #expect(try await test.size() == size)
    #expect(preview.importID == nil)
    let (summary, imported) = try await run(Self.list, chunk: 100, on: test)
    #expect(counts(preview) == counts(summary))
    #expect(files.rejects.map(\.line) == imported.rejects.map(\.line))
  }

  @Test("an import that fails at any chunk is completed by the same call, with nothing doubled")
  func resumes() async throws {
    let whole = try await TestDesk()
    let expected = counts(try await run(Self.list, on: whole).summary)
    for failing in 0...MemoryFiles(Self.list, chunk: 100).chunkCount {
      let test = try await TestDesk()
      var failed = MemoryFiles(Self.list, chunk: 100, failingAt: failing)
      await #expect(throws: InputFault()) {
        try await test.desk.importItems(try ImportRequest(Self.list), files: &failed, as: test.owner)
      }
      try await test.waitForLane()
      let (summary, files) = try await run(Self.list, on: test)
      #expect(counts(summary) == expected, "at chunk \(failing)")
      #expect(failing < 2 || summary.resumedAfterLine > 0)
      #expect(files.rejects.count == 5)
      let items = try await test.desk.items(.init(), as: test.owner)
      #expect(items.map(\.sightings) == (try await whole.desk.items(.init(), as: whole.owner).map(\.sightings)))
      let opened = try await test.journal().count { $0 is ImportOpened }
      #expect(opened == 1)
      #expect(try await test.faults() == [])
    }
  }

  @Test("a failed import is completed also when its last lines are still on their way")
  func resumesAtOnce() async throws {
    let test = try await TestDesk()
    let release = Releases()
    let lines = (0..<30).map { "https://x.example/\($0)\n" }.joined()
    var failing = MemoryFiles(lines, chunk: 200) { chunk in
      if chunk == 1 { release.add(try test.holdLane()) }
      if chunk == 2 { throw InputFault() }
    }
    await #expect(throws: InputFault()) {
      try await test.desk.importItems(try ImportRequest(lines), files: &failing, as: test.owner)
    }
    // Runs until its first write waits, behind the held lane and in front of the earlier attempt's bodies.
    let retry = Task.immediate { try await run(lines, on: test).summary }
    release.run()
    let result = await retry.result
    let found = (try? result.get()).map { counts($0) }
    #expect(found == [30, 30, 0, 0, 0], "\(result)")
    #expect(try await test.faults() == [])
  }

  @Test("lines beyond one body of a thousand are all recorded, in their order")
  func manyBodies() async throws {
    let test = try await TestDesk()
    let text = (0..<5_500).map { "https://x.example/\($0 % 5_000)\n" }.joined()
    let (summary, _) = try await run(text, chunk: 10_000, on: test)
    #expect(counts(summary) == [5_500, 5_000, 500, 0, 0])
    #expect(try await test.faults() == [])
  }

  @Test("in free text every link of a line is reported, and a line without one is blank")
  func freeText() async throws {
    let test = try await TestDesk()
    let text = """
      See https://x.example/a and hxxps://y[.]example/b, they said.
      Nothing here.
      Again: https://x.example/a!
      """
    let (summary, _) = try await run(text, fileName: "mail.txt", format: .text, chunk: 9, on: test)
    #expect(counts(summary) == [3, 2, 1, 0, 1])
    let items = try await test.desk.items(.init(), as: test.owner)
    #expect(items.map(\.locator) == ["https://x.example/a", "https://y.example/b"])
  }

  @Test("a table's kind counts where the address does not tell; other columns are remarks")
  func kinds() async throws {
    let test = try await TestDesk()
    let text = "url,kind,note\nhttps://x.example/1,VIDEO,first\nhttps://x.example/2,hologram,\nhttps://x.example/3,,\n"
    let (summary, _) = try await run(text, fileName: "a.csv", on: test)
    #expect(counts(summary) == [4, 3, 0, 0, 1])
    let items = try await test.desk.items(.init(), as: test.owner)
    #expect(items.map(\.kind) == [.video, .page, .page])
    let reports = try await test.journal().compactMap { $0 as? ItemReported }
    #expect(reports.map(\.remarks.note) == ["first", nil, nil])
    #expect(reports.map { $0.source?.line } == [2, 3, 4])
  }

  @Test("terms and operation stand on every item of the import, and on the import")
  func terms() async throws {
    let test = try await TestDesk()
    var files = MemoryFiles("https://x.example/1\nhttps://x.example/2")
    let request = try ImportRequest(
      "https://x.example/1\nhttps://x.example/2", operation: "Day",
      terms: ReportTerms(handling: .h3, sharing: .installation))
    _ = try await test.desk.importItems(request, files: &files, as: test.owner)
    let operation = try await test.desk.operations(as: test.owner).first?.id
    let items = try await test.desk.items(.init(), as: test.owner)
    #expect(items.count == 2 && operation != nil)
    #expect(items.allSatisfy { $0.handling == .h3 && $0.sharing == .installation && $0.operation == operation })
    let opened = try #require(try await test.journal().compactMap { $0 as? ImportOpened }.first)
    #expect(opened.operation == operation && opened.format == "list" && opened.fileName == "a.list")
    #expect(opened.digest == request.digest)
  }
}
