import Testing

/// The documents are held to the tree that they describe.
@Suite("The documents")
struct DocumentTests {
  private let repository = Repository.here

  @Test("every link inside the repository leads somewhere")
  func linksResolve() {
    #expect(!repository.documents.isEmpty)
    for document in repository.documents {
      for link in document.links where !link.contains("://") && !link.hasPrefix("mailto:") {
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
          String.init)
        let target = parts[0].isEmpty ? document.path : resolve(parts[0], from: document.path)
        guard repository.has(target) else {
          Issue.record("\(document.path): \(link) is not there")
          continue
        }
        guard parts.count == 2, target.hasSuffix(".md"), let other = repository.document(target) else {
          continue
        }
        #expect(other.anchors.contains(parts[1]), "\(document.path): \(target) has no heading \(parts[1])")
      }
    }
  }

  @Test("every path that a document names exists")
  func namedPathsExist() {
    for document in repository.documents {
      for span in document.spans where isPath(span) {
        #expect(repository.has(span), "\(document.path) names \(span)")
      }
    }
  }

  @Test("each row of the legal map says where, and which test")
  func theLegalMapIsComplete() throws {
    let map = try #require(repository.document("docs/legal-map.md"))
    let rows = map.rows(under: "What is built")
    #expect(!rows.isEmpty)
    var targets: Set<String> = []
    for row in rows {
      guard row.count == 4, !row.contains(where: \.isEmpty) else {
        Issue.record("a row of the legal map has an empty cell: \(row)")
        continue
      }
      let cells = row.map { MarkdownDocument(path: map.path, text: $0) }
      #expect(cells[2].spans.contains { isPath($0) && repository.has($0) }, "\(row[0]) names no file")
      targets.formUnion(cells[3].spans)
      #expect(!cells[3].spans.isEmpty, "\(row[0]) names no test")
    }
    for target in targets.sorted() {
      #expect(
        !repository.paths(under: "Tests/\(target)/", endingIn: ".swift").isEmpty, "there are no \(target)")
    }
  }

  @Test("each decision has its four headings and says what was passed over")
  func decisionsHaveTheirHeadings() throws {
    let paths = repository.paths(under: "docs/decisions/", endingIn: ".md")
    #expect(!paths.isEmpty)
    let numbers = paths.map { String($0.dropFirst("docs/decisions/".count).prefix(4)) }
    #expect(
      numbers == paths.indices.map { String("000\($0 + 1)".suffix(4)) }, "they are numbered without gaps")
    for (number, path) in zip(numbers, paths) {
      let decision = try #require(repository.document(path))
      #expect(
        decision.headings.first?.title.hasPrefix("\(number). ") == true, "\(path): its title has its number")
      #expect(
        decision.sections == ["Context", "Decision", "Consequences", "What would reopen it"], "\(path)")
      #expect(decision.prose.contains("Passed over:"), "\(path)")
    }
  }

  @Test("every decision that the code cites exists")
  func citedDecisionsExist() {
    let numbers = repository.paths(under: "docs/decisions/", endingIn: ".md").map {
      $0.dropFirst(15).prefix(4)
    }
    for path in repository.paths where path.hasSuffix(".swift") {
      let words = (repository.text(path) ?? "").split { !$0.isLetter && !$0.isNumber }
      for (word, number) in zip(words, words.dropFirst())
      where word == "decision" && number.count == 4 && number.allSatisfy(\.isNumber) {
        #expect(numbers.contains(number), "\(path) cites decision \(number)")
      }
    }
  }

  @Test("every type of event is described")
  func eventTypesAreDescribed() throws {
    let source = try #require(repository.text("Sources/Domain/Events/EventType.swift"))
    let types = source.split(separator: "\n").filter { $0.contains(" = \"") }.compactMap { line in
      line.split(separator: "\"").dropFirst().first.map(String.init)
    }
    #expect(!types.isEmpty)
    let described = try #require(repository.document("docs/journal-format.md")).rows(under: "Types of event")
    for type in types {
      #expect(described.contains { $0[0] == "`\(type)`" }, "docs/journal-format.md does not describe \(type)")
    }
    #expect(described.count == types.count, "docs/journal-format.md describes a type that does not exist")
  }

  @Test("every table is said to be a projection or not to be one")
  func tablesAreDescribed() throws {
    let spans = Set(try #require(repository.document("docs/architecture.md")).spans)
    var tables: [Substring] = []
    for source in repository.sources(of: "Storage") where source.path.contains("/Schema/") {
      for line in source.lines {
        guard let range = line.text.firstRange(of: "CREATE TABLE ") else { continue }
        tables.append(line.text[range.upperBound...].prefix { $0.isLetter || $0 == "_" })
      }
    }
    #expect(!tables.isEmpty)
    for table in tables {
      #expect(spans.contains(String(table)), "docs/architecture.md does not name the table \(table)")
    }
  }

  @Test("each term of the glossary has a meaning and a source, and stands there once")
  func theGlossaryIsComplete() throws {
    let glossary = try #require(repository.document("docs/glossary.md"))
    let rows = glossary.sections.flatMap { glossary.rows(under: $0) }
    #expect(!rows.isEmpty)
    for row in rows { #expect(row.count == 3 && !row.contains(where: \.isEmpty), "\(row)") }
    let terms = rows.map { $0[0].lowercased() }
    #expect(Set(terms).count == terms.count, "a term is explained twice")
  }

  @Test("every shipped resource is inside the binary")
  func resourcesAreEmbedded() throws {
    let table = try #require(repository.text("Sources/CResources/resources.c"))
    for path in repository.paths(under: "Sources/CResources/", endingIn: ".yaml") {
      let name = path.dropFirst("Sources/CResources/".count)
      #expect(table.contains("\"\(name)\""), "resources.c does not have \(name)")
    }
  }

  private func isPath(_ span: String) -> Bool {
    ["Sources/", "Tests/", "docs/", "scripts/", ".ci/"].contains { span.hasPrefix($0) }
      && !span.contains { " *<>{}…\n".contains($0) }
  }

  /// A link's target as a path below the root.
  private func resolve(_ link: String, from document: String) -> String {
    var parts = document.split(separator: "/").dropLast().map(String.init)
    for part in link.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }
}
