import CResources
import Domain

/// The words of the pages in one language.
///
/// Every sentence that a page shows stands in a catalogue, `console/LANGUAGE.json` of the embedded resources;
/// `{name}` in it stands for a value.
struct Words: Sendable {
  let language: String
  private let messages: [String: String]

  /// English, which is complete.
  static let english = Words(language: "en")

  init(language: String) {
    self.language = language
    var messages: [String: String] = [:]
    if let text = Resource.bytes(of: "console/\(language).json"), let object = try? JSONObject(parsing: text) {
      for member in object.members {
        if case .string(let message) = member.value { messages[member.key] = message }
      }
    }
    self.messages = messages
  }

  /// The message, its values in their places; a key that is missing shows itself.
  func callAsFunction(_ key: StaticString, _ values: [String: String] = [:]) -> String {
    nodes("\(key)", values.mapValues { [.text($0)] }).map { node in
      if case .text(let text) = node { text } else { "" }
    }.joined()
  }

  /// The message with nodes in the places of its values.
  func nodes(_ key: String, _ values: [String: [Node]]) -> [Node] {
    let message = messages[key] ?? key
    var nodes: [Node] = []
    var rest = message[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      if open > rest.startIndex { nodes.append(.text(String(rest[..<open]))) }
      nodes += values[String(rest[rest.index(after: open)..<close])] ?? []
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { nodes.append(.text(String(rest))) }
    return nodes
  }

  /// The message for a number of things: `KEY.one` for one, `KEY.other` for all others.
  func count(_ key: StaticString, _ number: Int64) -> String {
    let form = "\(key)" + (number == 1 ? ".one" : ".other")
    return nodes(form, ["n": [.text(self.number(number))]]).map { node in
      if case .text(let text) = node { text } else { "" }
    }.joined()
  }

  /// What a code of the record is called; the code itself where the catalogue has nothing for it.
  func code(_ family: StaticString, _ code: String) -> String { messages["\(family).\(code)"] ?? code }

  /// The name of a code, where there is one.
  func known(_ family: StaticString, _ code: String) -> String? { messages["\(family).\(code)"] }

  /// With the digits in groups of three.
  func number(_ number: Int64) -> String {
    let digits = Array(String(number.magnitude))
    var grouped = number < 0 ? "−" : ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { grouped += messages["number.group"] ?? " " }
      grouped.append(digit)
    }
    return grouped
  }

  /// With one digit after the point.
  func decimal(_ value: Double) -> String {
    let tenths = Int64((value * 10).rounded())
    return "\(number(tenths / 10)).\(abs(tenths % 10))"
  }

  func percent(_ part: Int64, of whole: Int64) -> String? {
    guard whole > 0 else { return nil }
    let tenths = (part * 1_000 + whole / 2) / whole
    if tenths == 0, part > 0 { return "<0.1 %" }
    return tenths >= 100 ? "\((tenths + 5) / 10) %" : "\(tenths / 10).\(tenths % 10) %"
  }
}

/// What the program carries inside itself.
enum Resource {
  static func bytes(of name: String) -> [UInt8]? {
    var count = 0
    let table = cordon_resources(&count)
    for resource in UnsafeBufferPointer(start: table, count: count) where String(cString: resource.name) == name {
      return Array(UnsafeBufferPointer(start: resource.bytes, count: resource.count))
    }
    return nil
  }
}
