import Yams

/// A mapping of a pack file whose keys are taken one by one, each fault with its line.
struct PackFields {
  let file: String
  let line: Int?
  private let node: Node.Mapping
  private var taken: Set<String> = []

  init(_ node: Node, file: String, allowed: [String]) throws(PackFault) {
    guard let mapping = node.mapping else {
      throw PackFault(
        file: file, line: node.mark?.line, problem: "this is no mapping",
        remedy: "write 'key: value' lines with: \(allowed.joined(separator: ", "))")
    }
    self.file = file
    self.line = node.mark?.line
    self.node = mapping
    for (key, _) in mapping where !allowed.contains(key.scalar?.string ?? "") {
      throw PackFault(
        file: file, line: key.mark?.line, problem: "'\(key.scalar?.string ?? "?")' is no key here",
        remedy: "use: \(allowed.joined(separator: ", "))")
    }
  }

  func fault(_ key: String, _ problem: String, _ remedy: String) -> PackFault {
    PackFault(file: file, line: child(key)?.mark?.line ?? line, problem: problem, remedy: remedy)
  }

  /// The value of a key; nil where it is missing or null.
  func child(_ key: String) -> Node? {
    for (name, value) in node where name.scalar?.string == key {
      if let scalar = value.scalar, scalar.style == .plain, ["", "~", "null"].contains(scalar.string) {
        return nil
      }
      return value
    }
    return nil
  }

  func text(_ key: String) throws(PackFault) -> String? {
    guard let child = child(key) else { return nil }
    guard let text = child.scalar?.string, !text.isEmpty, text.utf8.count <= 2_048 else {
      throw fault(key, "'\(key)' is no text", "write one value of at most 2,048 bytes")
    }
    return text
  }

  func requiredText(_ key: String) throws(PackFault) -> String {
    guard let text = try text(key) else {
      throw fault(key, "'\(key)' is missing", "add a line '\(key): …'")
    }
    return text
  }

  /// One text or a list of texts.
  func texts(_ key: String) throws(PackFault) -> [String] {
    guard let child = child(key) else { return [] }
    let nodes = child.sequence.map(Array.init) ?? [child]
    var texts: [String] = []
    for node in nodes {
      guard let text = node.scalar?.string, !text.isEmpty else {
        throw PackFault(
          file: file, line: node.mark?.line ?? line, problem: "'\(key)' holds something that is no text",
          remedy: "write a text or a list of texts")
      }
      texts.append(text)
    }
    return texts
  }

  /// The entries of a list.
  func nodes(_ key: String) throws(PackFault) -> [Node] {
    guard let child = child(key) else { return [] }
    guard let list = child.sequence else {
      throw fault(key, "'\(key)' is no list", "begin each entry with '- '")
    }
    return Array(list)
  }

  /// The entries of a mapping, in the order of the file.
  func pairs(_ key: String) throws(PackFault) -> [(key: String, value: Node, line: Int?)] {
    guard let child = child(key) else { return [] }
    guard let mapping = child.mapping else {
      throw fault(key, "'\(key)' is no mapping", "write 'name: value' lines below it")
    }
    return mapping.map { ($0.key.scalar?.string ?? "", $0.value, $0.key.mark?.line) }
  }

  func flag(_ key: String) throws(PackFault) -> Bool {
    switch try text(key) {
    case nil, "false": return false
    case "true": return true
    default: throw fault(key, "'\(key)' is neither true nor false", "write true or false")
    }
  }

  /// A raw value of a list of words, such as an item's kind.
  func word<Value: RawRepresentable & CaseIterable>(
    _ key: String, _ type: Value.Type
  ) throws(PackFault) -> Value? where Value.RawValue == String {
    guard let text = try text(key) else { return nil }
    guard let value = Value(rawValue: text) else {
      let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw fault(key, "'\(text)' is no \(key) that we know", "write one of: \(words)")
    }
    return value
  }
}
