import Domain
import Yams

/// Reads one pack file.
struct PackReader {
  /// A pack is a page of text; more than this is something else.
  static let maximumBytes = 262_144
  static let keys = [
    "name", "title", "service", "hosts", "aliases", "scheme", "keep_query", "drop_query", "keep_fragment",
    "fold_case", "reserved", "locators", "contact", "languages", "referrals", "orders", "gone", "politeness",
    "samples",
  ]

  let file: String

  func read(_ bytes: [UInt8]) throws(PackFault) -> ProviderPack {
    let fields = try PackFields(root(bytes), file: file, allowed: Self.keys)
    let hosts = try hosts(fields)
    let rules = try rules(fields)
    let gates = rules.enumerated().flatMap { index, rule in
      rule.patterns.enumerated().map { PatternGate(rule: index, pattern: $0, $1) }
    }
    let politeness = try nested(fields, "politeness", ["requests_per_second"])
    return ProviderPack(
      name: try name(fields), title: try fields.requiredText("title"),
      service: try required(fields, "service", ProviderPack.Service.self), file: file, hosts: hosts,
      aliases: try aliases(fields, hosts), isAlwaysHTTPS: try scheme(fields),
      keptQuery: fields.child("keep_query") == nil ? nil : ParameterNames(try fields.texts("keep_query")),
      droppedQuery: ParameterNames(try fields.texts("drop_query")),
      keepsFragment: try fields.flag("keep_fragment"), rules: rules, gates: gates,
      contact: try contact(fields),
      languages: try fields.texts("languages"), referrals: try intake(fields, "referrals"),
      orders: try intake(fields, "orders"), gone: try gone(fields),
      requestsPerSecond: try rate(politeness), samples: try samples(fields))
  }

  /// Parses the YAML, after a look at what could exhaust the parser.
  func root(_ bytes: [UInt8]) throws(PackFault) -> Node {
    guard bytes.count <= Self.maximumBytes else {
      throw PackFault(
        file: file, line: nil, problem: "the file is larger than \(Self.maximumBytes) bytes",
        remedy: "split it into one file per provider")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw PackFault(file: file, line: nil, problem: "the file is not UTF-8", remedy: "save it as UTF-8")
    }
    do {
      guard let node = try compose(yaml: text) else {
        throw PackFault(file: file, line: nil, problem: "the file is empty", remedy: "begin with 'name: …'")
      }
      return node
    } catch let fault as PackFault {
      throw fault
    } catch {
      throw notYAML(error)
    }
  }

  private func notYAML(_ error: any Error) -> PackFault {
    let remedy =
      "correct the YAML; quote a value that holds ': ', ' #', or begins with '{', '[', '*', '&' or '@'"
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return PackFault(file: file, line: mark.line, problem: "no YAML: \(problem)", remedy: remedy)
    case .duplicatedKeysInMapping(let duplicates, let context):
      return PackFault(
        file: file, line: context.mark.line,
        problem: "written twice: \(duplicates.sorted().joined(separator: ", "))", remedy: "keep one of them")
    default:
      return PackFault(file: file, line: nil, problem: "no YAML", remedy: remedy)
    }
  }

  private func name(_ fields: PackFields) throws(PackFault) -> String {
    let name = try fields.requiredText("name")
    guard name.utf8.count <= 64, let first = name.utf8.first, ASCII.isLetter(first) || ASCII.isDigit(first),
      name.utf8.allSatisfy({ ASCII.lowercased($0) == $0 && (ASCII.isAlphanumeric($0) || $0 == 0x2D) })
    else {
      throw fields.fault("name", "'\(name)' is no name for a pack", "write a-z, 0-9 and '-', at most 64")
    }
    return name
  }

  private func scheme(_ fields: PackFields) throws(PackFault) -> Bool {
    switch try fields.text("scheme") {
    case nil: return false
    case "https": return true
    case let other?:
      throw fields.fault("scheme", "'\(other)' cannot be asked for", "write 'https', or leave the line out")
    }
  }

  private func required<Value: RawRepresentable & CaseIterable>(
    _ fields: PackFields, _ key: String, _ type: Value.Type
  ) throws(PackFault) -> Value where Value.RawValue == String {
    _ = try fields.requiredText(key)
    guard let value = try fields.word(key, type) else {
      throw fields.fault(key, "'\(key)' is missing", "add a line '\(key): …'")
    }
    return value
  }

  /// A mapping below a key; nil where the pack has none.
  func nested(_ fields: PackFields, _ key: String, _ allowed: [String]) throws(PackFault) -> PackFields? {
    guard let node = fields.child(key) else { return nil }
    return try PackFields(node, file: file, allowed: allowed)
  }

  private func rules(_ fields: PackFields) throws(PackFault) -> [LocatorRule] {
    let foldCase = Set(try fields.texts("fold_case"))
    var reserved: [String: [[UInt8]]] = [:]
    for (name, value, _) in try fields.pairs("reserved") {
      reserved[name] = value.array().compactMap { $0.scalar?.string.utf8.map(ASCII.lowercased) }
    }
    var rules: [LocatorRule] = []
    for node in try fields.nodes("locators") {
      let rule = try PackFields(
        node, file: file, allowed: ["match", "kind", "canonical", "original", "unwrap"])
      var parser = PatternParser(foldCase: foldCase, reserved: reserved)
      do throws(PatternParser.Fault) {
        rules.append(try self.rule(rule, &parser))
      } catch {
        throw PackFault(file: file, line: rule.line, problem: error.problem, remedy: error.remedy)
      }
    }
    return rules
  }

  private func rule(
    _ fields: PackFields, _ parser: inout PatternParser
  ) throws(PatternParser.Fault) -> LocatorRule {
    do {
      let sources = try fields.texts("match")
      guard !sources.isEmpty else { throw fields.fault("match", "'match' is missing", "add 'match: /…'") }
      var patterns: [LocatorPattern] = []
      for source in sources { patterns.append(try parser.pattern(source)) }
      if let source = try fields.text("unwrap") {
        let template = try parser.template(source, for: patterns)
        return LocatorRule(
          sources: sources, canonicalSource: source, kind: .page, patterns: patterns,
          outcome: .unwrap(template))
      }
      let source = try fields.requiredText("canonical")
      let template = try parser.canonical(source, for: patterns)
      var outcome = LocatorRule.Outcome.canonical(template)
      if let original = try fields.text("original") {
        guard original.hasPrefix("{"), original.hasSuffix("}"),
          let slot = parser.slot(String(original.dropFirst().dropLast())),
          patterns.allSatisfy({ $0.rest == slot }), source.hasSuffix(original)
        else {
          throw fields.fault(
            "original", "'original' is no variable that ends every pattern",
            "write 'original: \"{url}\"', with '/{url*}' ending each pattern and '/{url}' the canonical form")
        }
        outcome = .archiveCopy(template, original: slot)
      }
      return LocatorRule(
        sources: sources, canonicalSource: source,
        kind: try required(fields, "kind", ItemKind.self), patterns: patterns, outcome: outcome)
    } catch let fault as PackFault {
      throw PatternParser.Fault(problem: fault.problem, remedy: fault.remedy)
    } catch let fault as PatternParser.Fault {
      throw fault
    } catch {
      throw PatternParser.Fault(problem: "this rule cannot be read", remedy: "look at another pack's")
    }
  }
}
