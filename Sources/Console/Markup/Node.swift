/// A piece of a page; text in it is escaped when it is written, so that nothing foreign can become markup.
enum Node: Sendable, Hashable {
  case text(String)
  case element(Element)
}

/// An element; its name and the names of its attributes stand in our own source and come from nowhere else.
struct Element: Sendable, Hashable {
  let name: String
  let attributes: [Attribute]
  let content: [Node]
}

/// An attribute; without a value where being there is all that it says.
struct Attribute: Sendable, Hashable {
  let name: String
  let value: String?

  init(_ name: StaticString, _ value: String) {
    self.name = "\(name)"
    self.value = value
  }

  private init(flag name: StaticString) {
    self.name = "\(name)"
    value = nil
  }

  /// An attribute without a value, where it applies.
  static func flag(_ name: StaticString, if applies: Bool = true) -> Attribute? {
    applies ? Attribute(flag: name) : nil
  }

  static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
  static func id(_ value: String) -> Attribute { Attribute("id", value) }
  static func name(_ value: String) -> Attribute { Attribute("name", value) }
  static func type(_ value: String) -> Attribute { Attribute("type", value) }
  static func value(_ value: String) -> Attribute { Attribute("value", value) }
  static func href(_ target: Target) -> Attribute { Attribute("href", target.text) }
  static func action(_ target: Target) -> Attribute { Attribute("action", target.text) }
  static func label(_ text: String) -> Attribute { Attribute("aria-label", text) }
  static func data(_ name: String, _ value: String) -> Attribute { Attribute(data: name, value) }
  static let isHidden = Attribute("aria-hidden", "true")

  private init(data name: String, _ value: String) {
    self.name = "data-" + name.filter { $0.isASCII && ($0.isLetter || $0 == "-") }
    self.value = value
  }
}

/// An element of this name.
func el(_ name: StaticString, _ attributes: Attribute?..., @Content content: () -> [Node] = { [] }) -> Node {
  .element(Element(name: "\(name)", attributes: attributes.compactMap(\.self), content: content()))
}

/// Puts the content of an element together; plain strings become text.
@resultBuilder
enum Content {
  static func buildExpression(_ node: Node) -> [Node] { [node] }
  static func buildExpression(_ node: Node?) -> [Node] { node.map { [$0] } ?? [] }
  static func buildExpression(_ nodes: [Node]) -> [Node] { nodes }
  static func buildExpression(_ text: String) -> [Node] { [.text(text)] }
  static func buildBlock(_ parts: [Node]...) -> [Node] { parts.flatMap(\.self) }
  static func buildOptional(_ part: [Node]?) -> [Node] { part ?? [] }
  static func buildEither(first: [Node]) -> [Node] { first }
  static func buildEither(second: [Node]) -> [Node] { second }
  static func buildArray(_ parts: [[Node]]) -> [Node] { parts.flatMap(\.self) }
}
