import Domain
import Foundation
import Storage
import Testing

/// The words of the pages, held against the sources that use them.
@Suite("The message catalogue")
struct CatalogueTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func keys(_ language: String) throws -> [String: String] {
    let file = root.appendingPathComponent("Sources/CResources/console/\(language).json")
    let object = try JSONObject(parsing: Array(try Data(contentsOf: file)))
    var keys: [String: String] = [:]
    for member in object.members {
      guard case .string(let text) = member.value else { continue }
      keys[member.key] = text
    }
    return keys
  }

  /// Everything in quotes that a page's source has.
  private static func sources() throws -> String {
    let folder = root.appendingPathComponent("Sources/Console")
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return try files.filter { $0.hasSuffix(".swift") }.sorted()
      .map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }.joined()
  }

  private static func matches(_ pattern: Regex<(Substring, Substring)>, in text: String) -> Set<String> {
    Set(text.matches(of: pattern).map { String($0.output.1) })
  }

  @Test("every key that a page uses is there")
  func usedKeysExist() throws {
    let keys = try Self.keys("en")
    let sources = try Self.sources()
    let used = Self.matches(/\bwords(?:\.nodes)?\(\s*"([a-z_.]+)"/, in: sources)
    #expect(used.count > 150)
    for key in used.sorted() where keys[key] == nil { Issue.record("\(key) is used and not in en.json") }
    for key in Self.matches(/\bwords\.count\(\s*"([a-z_.]+)"/, in: sources) {
      #expect(keys[key + ".one"] != nil && keys[key + ".other"] != nil, "\(key) needs .one and .other")
    }
  }

  @Test("no message is left that no page uses")
  func noKeyIsUnused() throws {
    let sources = try Self.sources()
    let literals = Self.matches(/"([a-z_.]+)"/, in: sources)
    let families = Self.matches(/(?:code|known|list)\(\s*"([a-z_]+)"/, in: sources)
    for key in try Self.keys("en").keys.sorted() {
      let family = String(key.prefix { $0 != "." })
      let plural = key.hasSuffix(".one") || key.hasSuffix(".other")
      let stem = plural ? String(key.prefix(upTo: key.lastIndex(of: ".") ?? key.endIndex)) : key
      #expect(literals.contains(stem) || families.contains(family), "\(key) is used by no page")
    }
  }

  @Test("every code that a page names has its word")
  func codesHaveWords() throws {
    let keys = try Self.keys("en")
    let wanted: [(family: String, codes: [String])] = [
      ("role", Role.allCases.map(\.rawValue)), ("figure", Figure.allCases.map(\.rawValue)),
      ("figure_fold", Figure.allCases.map(\.rawValue)), ("queue_kind", QueueKind.allCases.map(\.rawValue)),
      ("queue_lead", QueueKind.allCases.map(\.rawValue)), ("event", EventType.allCases.map(\.rawValue)),
      ("category", ContentCategory.allCases.map(\.rawValue)),
      ("category_hint", ContentCategory.allCases.map(\.rawValue)),
      ("category_short", ContentCategory.allCases.map(\.rawValue)),
      ("factor", AssessmentFactor.allCases.map(\.rawValue)), ("exemption", Exemption.allCases.map(\.rawValue)),
      ("decision", Assessment.Decision.allCases.map(\.rawValue)),
      ("deconfliction", Deconfliction.Result.allCases.map(\.rawValue)),
      ("case_fact", CaseFactKind.allCases.map(\.rawValue)), ("handling", HandlingCode.allCases.map(\.rawValue)),
      (
        "code",
        ItemKind.allCases.map(\.rawValue) + Sharing.allCases.map(\.rawValue) + Verdict.allCases.map(\.rawValue)
          + VerdictBasis.allCases.map(\.rawValue) + ProviderOutcome.allCases.map(\.rawValue)
          + ItemRelation.allCases.map(\.rawValue) + ReappearanceCause.allCases.map(\.rawValue)
          + Deconfliction.Result.allCases.map(\.rawValue)
      ),
    ]
    for (family, codes) in wanted {
      for code in codes where keys["\(family).\(code)"] == nil { Issue.record("\(family).\(code) is missing") }
    }
  }

  @Test("a message names its values in braces that are closed")
  func bracesAreClosed() throws {
    for (key, text) in try Self.keys("en") {
      #expect(text.filter { $0 == "{" }.count == text.filter { $0 == "}" }.count, "\(key)")
      #expect(!text.isEmpty, "\(key) is empty")
    }
  }
}
