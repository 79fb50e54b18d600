/// Reads the small language of `match:` and `canonical:`; `docs/provider-packs.md` describes it.
struct PatternParser {
  /// Variables that are equal in any ASCII case.
  let foldCase: Set<String>
  /// Words that a variable never stands for.
  let reserved: [String: [[UInt8]]]
  /// The variables of the rule so far, in the order of their slots.
  private(set) var variables: [String] = []

  init(foldCase: Set<String>, reserved: [String: [[UInt8]]]) {
    self.foldCase = foldCase
    self.reserved = reserved
  }

  /// What is wrong with a pattern, and what to write instead.
  struct Fault: Error {
    let problem: String
    let remedy: String
  }

  func slot(_ name: String) -> Int? { variables.firstIndex(of: name) }

  /// Reads `[host]/segment/{variable:form}/*?key={value}#{fragment}`.
  mutating func pattern(_ source: String) throws(Fault) -> LocatorPattern {
    var pattern = LocatorPattern()
    var used: Set<String> = []
    var rest = source[...]
    if let mark = rest.firstIndex(of: "#") {
      pattern.fragment = try piece(rest[rest.index(after: mark)...], &used)
      rest = rest[..<mark]
    }
    if let mark = rest.firstIndex(of: "?") {
      for parameter in rest[rest.index(after: mark)...].split(separator: "&") {
        guard let equals = parameter.firstIndex(of: "="), equals > parameter.startIndex else {
          throw Fault(problem: "'\(parameter)' is no parameter", remedy: "write 'name={variable}'")
        }
        let value = try piece(parameter[parameter.index(after: equals)...], &used)
        pattern.query.append((Array(parameter[..<equals].utf8), value))
      }
      rest = rest[..<mark]
    }
    guard let slash = rest.firstIndex(of: "/") else {
      throw Fault(problem: "'\(source)' has no path", remedy: "begin the path with '/'")
    }
    if slash > rest.startIndex { pattern.host = try piece(rest[..<slash], &used) }
    var segments = rest[rest.index(after: slash)...].split(separator: "/", omittingEmptySubsequences: false)
    if segments.last == "" { segments.removeLast() }
    for (index, segment) in segments.enumerated() {
      let isLast = index == segments.count - 1
      if segment == "*" && isLast {
        pattern.hasOpenEnd = true
      } else if segment.hasSuffix("*}") && segment.hasPrefix("{") && isLast {
        pattern.rest = try slot(String(segment.dropFirst().dropLast(2)), &used)
      } else if segment.isEmpty {
        throw Fault(problem: "'\(source)' has an empty segment", remedy: "write each '/' once")
      } else {
        pattern.segments.append(try piece(segment, &used))
      }
    }
    guard pattern.segments.count < PathSegments.limit else {
      throw Fault(problem: "'\(source)' has too many segments", remedy: "write at most 11")
    }
    return pattern
  }

  /// Reads literal text with `{name}` or `{name:form}` in it.
  private mutating func piece(
    _ source: Substring, _ used: inout Set<String>
  ) throws(Fault) -> LocatorPattern.Piece {
    var piece = LocatorPattern.Piece()
    var rest = source
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw Fault(problem: "'\(source)' has a '{' without a '}'", remedy: "write '{name}'")
      }
      if open > rest.startIndex { piece.tokens.append(.literal(try Self.literal(rest[..<open]))) }
      if open == rest.startIndex, case .variable? = piece.tokens.last {
        throw Fault(problem: "'\(source)' has two variables side by side", remedy: "put text between them")
      }
      let inside = rest[rest.index(after: open)..<close].split(
        separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      var form = LocatorPattern.Form.text
      if inside.count == 2 {
        guard let known = LocatorPattern.Form(rawValue: String(inside[1])) else {
          let forms = LocatorPattern.Form.allCases.map(\.rawValue).joined(separator: ", ")
          throw Fault(problem: "'\(inside[1])' is no form of a variable", remedy: "write one of \(forms)")
        }
        form = known
      }
      let name = String(inside.first ?? "")
      let slot = try slot(name, &used)
      if foldCase.contains(name) { piece.foldsLiterals = true }
      piece.tokens.append(.variable(.init(slot: slot, form: form, reserved: reserved[name] ?? [])))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty || piece.tokens.isEmpty {
      let text = try Self.literal(rest)
      if piece.tokens.isEmpty { piece.literal = text }
      piece.tokens.append(.literal(text))
    }
    if piece.foldsLiterals {
      piece.tokens = piece.tokens.map {
        if case .literal(let text) = $0 { .literal(ASCII.lowercased(text)) } else { $0 }
      }
    }
    return piece
  }

  private static func literal(_ text: Substring) throws(Fault) -> [UInt8] {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "}") }) else {
      throw Fault(problem: "'\(text)' is not as an address has it", remedy: "write percent escapes for it")
    }
    return Array(text.utf8)
  }

  private mutating func slot(_ name: String, _ used: inout Set<String>) throws(Fault) -> Int {
    guard !name.isEmpty, name.utf8.allSatisfy({ ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: "_") }) else {
      throw Fault(problem: "'\(name)' is no name for a variable", remedy: "write ASCII letters, as in '{id}'")
    }
    guard used.insert(name).inserted else {
      throw Fault(problem: "'{\(name)}' occurs twice in one pattern", remedy: "give each its own name")
    }
    if let slot = slot(name) { return slot }
    guard variables.count < LocatorPattern.maximumVariables else {
      throw Fault(
        problem: "there are more than \(LocatorPattern.maximumVariables) variables",
        remedy: "split the rule, or replace the last ones by '/*'")
    }
    variables.append(name)
    return variables.count - 1
  }

  /// Reads a template whose variables all occur in every one of `patterns`.
  func template(_ source: String, for patterns: [LocatorPattern]) throws(Fault) -> AddressTemplate {
    var template = AddressTemplate()
    var rest = source[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw Fault(problem: "'\(source)' has a '{' without a '}'", remedy: "write '{name}'")
      }
      let name = String(rest[rest.index(after: open)..<close])
      guard let slot = slot(name), patterns.allSatisfy({ $0.slots.contains(slot) }) else {
        throw Fault(
          problem: "'{\(name)}' is not in every pattern of its rule", remedy: "add it, or split the rule")
      }
      if open > rest.startIndex { template.tokens.append(.literal(try Self.literal(rest[..<open]))) }
      template.tokens.append(.variable(slot: slot, folds: foldCase.contains(name)))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { template.tokens.append(.literal(try Self.literal(rest))) }
    return template
  }

  /// Reads `canonical:`; what moves to another part must have a form that cannot change its meaning there.
  func canonical(_ source: String, for patterns: [LocatorPattern]) throws(Fault) -> AddressTemplate {
    guard source.hasPrefix("https://") || source.hasPrefix("http://") else {
      throw Fault(problem: "'\(source)' is no whole address", remedy: "begin it with 'https://'")
    }
    var template = try template(source, for: patterns)
    let host = source.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
    guard host.endIndex < source.endIndex, !host.isEmpty else {
      throw Fault(problem: "'\(source)' has no path", remedy: "write at least '/' after the host")
    }
    if !host.contains("{") {
      template.fixedHost = Array(host.utf8)
      template.registrableDomain = ProviderPacks.domain(Array(host.utf8))
    }
    var place = Place.host
    var slashes = 0
    for token in template.tokens {
      switch token {
      case .literal(let text):
        for byte in text {
          if byte == UInt8(ascii: "/") { slashes += 1 }
          if slashes == 3 && place == .host { place = .path }
          if byte == UInt8(ascii: "?") { place = .query }
          if byte == UInt8(ascii: "#") { place = .fragment }
        }
      case .variable(let slot, _):
        for pattern in patterns {
          guard let (home, form) = pattern.home(of: slot) else { continue }
          let isFit = place == .host ? form == .label : home == place || form.isPlain
          guard isFit else {
            let wanted = place == .host ? "label" : "id"
            throw Fault(
              problem: "'{\(variables[slot])}' moves to another part of the address",
              remedy: "write '{\(variables[slot]):\(wanted)}' in the pattern")
          }
        }
      }
    }
    return template
  }
}

/// A part of an address.
private enum Place { case host, path, query, fragment }

extension LocatorPattern {
  fileprivate var slots: Set<Int> {
    var slots = Set(pieces.flatMap(\.1.variables).map(\.slot))
    if let rest { slots.insert(rest) }
    return slots
  }

  private var pieces: [(Place, Piece)] {
    var pieces: [(Place, Piece)] = segments.map { (.path, $0) } + query.map { (.query, $0.value) }
    if let host { pieces.append((.host, host)) }
    if let fragment { pieces.append((.fragment, fragment)) }
    return pieces
  }

  fileprivate func home(of slot: Int) -> (Place, Form)? {
    if slot == rest { return (.path, .text) }
    for (place, piece) in pieces {
      if let variable = piece.variables.first(where: { $0.slot == slot }) { return (place, variable.form) }
    }
    return nil
  }
}

extension LocatorPattern.Piece {
  fileprivate var variables: [LocatorPattern.Variable] {
    tokens.compactMap { if case .variable(let variable) = $0 { variable } else { nil } }
  }
}
