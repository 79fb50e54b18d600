import Domain
import Foundation
import Testing

@Suite("The document of the clocks")
struct ClockDocumentTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test("docs/clocks.md says of each clock what the program does", arguments: LegalClock.allCases)
  func row(clock: LegalClock) throws {
    let document = try String(contentsOf: Self.root.appending(path: "docs/clocks.md"), encoding: .utf8)
    let rule = clock.rule
    let cells = [
      clock.rawValue, rule.article, rule.title, "\(rule.period)", rule.start, rule.stop,
      "`\(rule.safeReading.rawValue)`",
    ]
    let row = "| " + cells.joined(separator: " | ") + " |"
    let found = document.split(separator: "\n").filter { $0.hasPrefix("| \(clock.rawValue) |") }
    #expect(found == [Substring(row)])
  }
}
