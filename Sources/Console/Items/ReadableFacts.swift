import Domain

/// The payload of an event as a person reads it: what each member is called, codes in words, instants as times.
struct ReadableFacts {
  let words: Words
  /// Members that other parts of the page show already.
  var known: Set<String> = []

  /// What the page of an item shows beside its history.
  static let ofItem: Set<String> = ["report_index", "operation", "owner", "provider", "locator", "referral"]

  func node(facts: String, personal: String?) -> Node? {
    let rows = pairs(of: facts) + (personal.map { pairs(of: $0) } ?? [])
    guard !rows.isEmpty else { return nil }
    return el("dl", .class("facts")) {
      rows.map { row in
        el("div") {
          el("dt") { words.code("fact", row.key) }
          el("dd") { value(row.value, of: row.key) }
        }
      }
    }
  }

  private func pairs(of text: String) -> [JSONObject.Member] {
    guard let object = try? JSONObject(parsing: Array(text.utf8)) else { return [] }
    return object.members.filter { !known.contains($0.key) && $0.value != .array([]) && $0.value != .null }
  }

  private func value(_ value: JSONValue, of key: String) -> [Node] {
    switch value {
    case .null: [.text("–")]
    case .boolean(let flag): [.text(words(flag ? "assess.yes" : "assess.no"))]
    case .integer(let number): [.text(words.number(number))]
    case .string(let text): [string(text)]
    case .array(let values):
      Array(values.prefix(50).map { self.value($0, of: key) }.joined(separator: [.text(words("list.comma"))]))
        + (values.count > 50 ? [.text(" …")] : [])
    case .object(let object):
      object.members.flatMap { member in
        [.text(words.code("fact", member.key) + " ")] + self.value(member.value, of: member.key)
      }
    }
  }

  private func string(_ text: String) -> Node {
    if let name = words.known("code", text) { return .text(name) }
    if text.utf8.count == 27, let instant = Instant(rfc3339: text) { return TimeText.node(instant) }
    if text.utf8.count >= 32, Hex.decode(text) != nil {
      return el("code", Attribute("title", text)) { String(text.prefix(12)) + "…" }
    }
    if text.utf8.count == 36, Identifier(text) != nil { return el("code", .class("id")) { text } }
    return foreign(text)
  }
}
