import Testing

/// What a reviewer would otherwise have to look for by eye.
@Suite("The style")
struct StyleTests {
  private let repository = Repository.here

  private var swiftPaths: [String] {
    repository.paths(under: "Sources/", endingIn: ".swift")
      + repository.paths(under: "Tests/", endingIn: ".swift")
  }

  @Test("no Swift file is longer than 500 lines")
  func filesAreShort() {
    #expect(!swiftPaths.isEmpty)
    for path in swiftPaths {
      let count = repository.text(path)?.split(separator: "\n", omittingEmptySubsequences: false).count ?? 0
      #expect(count <= 501, "\(path) has \(count - 1) lines: split it")
    }
  }

  @Test("an unsafe construct has its reason on the same line or the one above")
  func unsafeConstructsGiveTheirReason() {
    let marks = [
      "try!", " as! ", "fatalError(", "preconditionFailure(", "@unchecked Sendable", "nonisolated(unsafe)",
      "unsafeBitCast(",
    ]
    for path in swiftPaths {
      let lines = SwiftSource(path: path, text: repository.text(path) ?? "").lines
      for (position, line) in lines.enumerated() {
        guard let mark = marks.first(where: line.code.contains), !line.hasComment else { continue }
        if !hasCommentAbove(position, in: lines) {
          Issue.record("\(path):\(line.number): \(mark) without a reason beside it")
        }
      }
    }
  }

  /// Looks above the statement: a line that only opens a block, such as `guard … else {`, is part of it.
  private func hasCommentAbove(_ position: Int, in lines: [SwiftSource.Line]) -> Bool {
    var above = position - 1
    while above > 0, lines[above].code.hasSuffix("else {") { above -= 1 }
    return above >= 0 && lines[above].hasComment
  }

  @Test("nothing is left to be done later in a comment")
  func nothingIsLeftForLater() {
    // In two parts, or this file would find itself.
    let marks = ["TO" + "DO", "FIX" + "ME"]
    for path in repository.paths where isCode(path) {
      guard let text = repository.text(path) else { continue }
      for (number, line) in numbered(text) {
        for mark in marks where line.contains(mark) { Issue.record("\(path):\(number): \(mark)") }
      }
    }
  }

  @Test("no file names a place on somebody's machine")
  func noMachinePaths() {
    let places = ["home/", "Users/", "root/", "work/main", "work/shared"].map { "/" + $0 }
    for path in repository.paths {
      guard let text = repository.text(path) else { continue }
      for (number, line) in numbered(text) {
        for place in places where names(place, in: line) { Issue.record("\(path):\(number): \(place)") }
      }
    }
  }

  /// Whether the line has an absolute path that begins so; `https://x.example/home/a` has none.
  private func names(_ place: String, in line: Substring) -> Bool {
    var rest = line
    while let range = rest.firstRange(of: place) {
      let before = rest[..<range.lowerBound].last
      let isAbsolute = before.map { !$0.isLetter && !$0.isNumber && !".-_~%*)]}/".contains($0) } ?? true
      if isAbsolute, range.upperBound < rest.endIndex || place.last != "/" { return true }
      rest = rest[range.upperBound...]
    }
    return false
  }

  @Test("a module shares its name with no type inside it", arguments: Repository.here.modules)
  func modulesDoNotShareNamesWithTypes(module: String) {
    for source in repository.sources(of: module) {
      for line in source.lines {
        let words = line.code.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        for (keyword, name) in zip(words, words.dropFirst())
        where ["struct", "class", "enum", "actor", "protocol", "typealias"].contains(keyword)
          && name == module
        {
          Issue.record("\(source.path):\(line.number): a type has the module's name")
        }
      }
    }
  }

  @Test("no file has a name that says nothing")
  func namesSaySomething() {
    let empty = ["Utils", "Utilities", "Helpers", "Manager", "Common", "Misc"]
    for path in swiftPaths {
      for part in path.split(separator: "/") {
        #expect(!empty.contains { part.hasPrefix($0) || part.hasSuffix($0 + ".swift") }, "\(path)")
      }
    }
  }

  private func isCode(_ path: String) -> Bool {
    [".swift", ".c", ".h", ".py", ".sh", ".yaml", ".yml", "Makefile", ".ci/run"].contains {
      path.hasSuffix($0)
    }
  }

  private func numbered(_ text: String) -> [(Int, Substring)] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
      ($0.offset + 1, $0.element)
    }
  }
}
