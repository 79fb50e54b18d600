import Foundation

/// The program in `docs/figures.md`, run on an export.
enum PublishedFigures {
  static var canRun: Bool { (try? run("", arguments: [], input: Data()))?.status == 0 }

  /// The program's text.
  static func program() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appendingPathComponent("docs/figures.md"), encoding: .utf8)
    let parts = page.components(separatedBy: "```python\n")
    return parts.dropFirst().first?.components(separatedBy: "```").first ?? ""
  }

  /// What it prints for an export, by the names in its lines.
  static func count(_ export: [UInt8], operation: String) throws -> [String: String] {
    let result = try run(program(), arguments: [operation], input: Data(export))
    return Dictionary(
      result.output.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ").map(String.init)
        return words.count == 2 ? (words[0], words[1]) : nil
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func run(_ program: String, arguments: [String], input: Data) throws -> (status: Int32, output: String)
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-I", "-c", program] + arguments
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    try process.run()
    // The program reads all before it prints anything, so that neither waits for the other.
    try? stdin.fileHandleForWriting.write(contentsOf: input)
    try stdin.fileHandleForWriting.close()
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
