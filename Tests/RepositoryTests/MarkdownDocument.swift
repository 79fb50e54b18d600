/// A Markdown file taken apart as far as the tests need it.
struct MarkdownDocument: Sendable {
  let path: String
  /// The text outside code blocks.
  let prose: String
  /// Code blocks by the word after their fence, in their order.
  let blocks: [(language: String, text: String)]

  init(path: String, text: String) {
    self.path = path
    var prose: [Substring] = []
    var blocks: [(language: String, text: String)] = []
    var open: (language: String, lines: [Substring])?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append((block.language, block.lines.map { $0 + "\n" }.joined()))
          open = nil
        } else {
          open = (String(line.dropFirst(3)), [])
        }
      } else if open != nil {
        open?.lines.append(line)
      } else {
        prose.append(line)
      }
    }
    self.prose = prose.joined(separator: "\n")
    self.blocks = blocks
  }

  /// The targets of links, outside code.
  var links: [String] {
    let text = proseAndSpans.prose
    return text.split(separator: "](", omittingEmptySubsequences: false).dropFirst().compactMap { rest in
      rest.firstIndex(of: ")").map { String(rest[..<$0]) }
    }
  }

  /// What stands between single backticks.
  var spans: [String] { proseAndSpans.spans }

  private var proseAndSpans: (prose: String, spans: [String]) {
    let parts = prose.split(separator: "`", omittingEmptySubsequences: false)
    var text = ""
    var spans: [String] = []
    for (position, part) in parts.enumerated() {
      if position.isMultiple(of: 2) { text += part } else { spans.append(String(part)) }
    }
    return (text, spans)
  }

  /// Headings of the second level.
  var sections: [String] { headings.filter { $0.level == 2 }.map(\.title) }

  var headings: [(level: Int, title: String)] {
    prose.split(separator: "\n").compactMap { line in
      let level = line.prefix { $0 == "#" }.count
      guard (1...6).contains(level), line.dropFirst(level).first == " " else { return nil }
      return (level, String(line.dropFirst(level + 1)))
    }
  }

  /// The names under which the headings can be linked to.
  var anchors: Set<String> {
    Set(
      headings.map { heading in
        String(
          heading.title.lowercased().compactMap { character -> Character? in
            if character == " " { return "-" }
            return character.isLetter || character.isNumber || character == "-" || character == "_"
              ? character : nil
          })
      })
  }

  /// The cells of the tables under a heading of the second level, without their head rows.
  func rows(under section: String) -> [[String]] {
    var rows: [[String]] = []
    var isInside = false
    var isInBody = false
    for line in prose.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#") { isInside = line == "## \(section)" }
      guard isInside, line.hasPrefix("|") else {
        isInBody = false
        continue
      }
      if line.hasPrefix("|---") {
        isInBody = true
      } else if isInBody {
        let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
        rows.append(cells.map { $0.split(separator: " ").joined(separator: " ") })
      }
    }
    return rows
  }
}

extension Repository {
  var documents: [MarkdownDocument] { paths(under: "", endingIn: ".md").compactMap(document) }

  func document(_ path: String) -> MarkdownDocument? {
    text(path).map { MarkdownDocument(path: path, text: $0) }
  }
}
