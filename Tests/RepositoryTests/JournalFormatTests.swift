import Foundation
import Testing

/// The program in `docs/journal-format.md` is a promise: a stranger can check a journal with it.
@Suite("The published check of a journal")
struct JournalFormatTests {
  private let document = Repository.here.document("docs/journal-format.md")

  @Test("it has at most thirty lines")
  func isShort() throws {
    let program = try block("python")
    #expect(program.split(separator: "\n", omittingEmptySubsequences: false).count <= 31)
  }

  @Test(
    "it prints the root of the published example",
    .enabled(if: Python.isInstalled, "python3 is not installed"))
  func computesTheRoot() throws {
    let result = try Python.run(block("python"), input: block("jsonl"))
    #expect(result.status == 0)
    #expect(result.output == (try block("text")))
  }

  @Test(
    "it refuses an example in which one thing was changed",
    .enabled(if: Python.isInstalled, "python3 is not installed"),
    arguments: [
      ("Exempelpolisen", "Beispielpolizei"), ("\\\"H0\\\"", "\\\"H1\\\""), ("2026-11-24", "2026-11-25"),
      ("item.erased", "item.sighted"), ("\"index\":2", "\"index\":3"),
    ])
  func refusesChanges(original: String, changed: String) throws {
    let export = try block("jsonl")
    let altered = export.replacing(original, with: changed, maxReplacements: 1)
    try #require(altered != export)
    #expect(try Python.run(block("python"), input: altered).status != 0)
  }

  /// The last block in this language.
  private func block(_ language: String) throws -> String {
    try #require(document?.blocks.last { $0.language == language }?.text)
  }
}

private enum Python {
  static var isInstalled: Bool { (try? run("", input: ""))?.status == 0 }

  static func run(_ program: String, input: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-I", "-c", program]
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = FileHandle.nullDevice
    try process.run()
    // A pipe holds 64 KiB, far more than the example has: writing does not wait for the reader.
    try? stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
