/// A Swift file read line by line, with code told apart from strings and comments.
///
/// It is no parser: quotes inside an interpolation count as ends of strings, which comes out even.
struct SwiftSource: Sendable {
  struct Line: Sendable {
    let number: Int
    let text: String
    /// The line without the insides of strings and without its comment.
    let code: String
    let hasComment: Bool

    var isOnlyComment: Bool { hasComment && code.allSatisfy(\.isWhitespace) }
  }

  let path: String
  let lines: [Line]

  init(path: String, text: String) {
    self.path = path
    var lines: [Line] = []
    var isInLongString = false
    for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      var scan = LineScan(isInLongString: isInLongString)
      scan.read(Array(line))
      isInLongString = scan.isInLongString
      lines.append(
        Line(number: offset + 1, text: String(line), code: scan.code, hasComment: scan.hasComment))
    }
    self.lines = lines
  }

  /// The modules that the file imports, with the line and the words in front of `import`.
  var imports: [(line: Line, module: String, attributes: [String])] {
    lines.compactMap { line -> (line: Line, module: String, attributes: [String])? in
      let words = line.code.split(separator: " ").map(String.init)
      guard let position = words.firstIndex(of: "import"), position + 1 < words.count,
        words[..<position].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains($0) })
      else { return nil }
      // `import struct Module.Type` names its module second.
      let name = words[(position + 1)...].first { !Self.importKinds.contains($0) } ?? ""
      return (line, String(name.prefix { $0 != "." }), Array(words[..<position]))
    }
  }

  private static let accessLevels: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
  private static let importKinds: Set<String> = [
    "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
  ]
}

private struct LineScan {
  var isInLongString: Bool
  var code = ""
  var hasComment = false

  init(isInLongString: Bool) { self.isInLongString = isInLongString }

  mutating func read(_ characters: [Character]) {
    var isInString = false
    var position = 0
    while position < characters.count {
      let character = characters[position]
      let isLongQuote = character == "\"" && characters[position...].starts(with: ["\"", "\"", "\""])
      if isLongQuote, !isInString {
        isInLongString.toggle()
        position += 3
        continue
      }
      if !isInLongString {
        if isInString, character == "\\" {
          position += 2
          continue
        }
        if character == "\"" {
          isInString.toggle()
        } else if !isInString {
          if character == "/", characters[position...].starts(with: ["/", "/"]) {
            hasComment = true
            return
          }
          code.append(character)
        }
      }
      position += 1
    }
  }
}
