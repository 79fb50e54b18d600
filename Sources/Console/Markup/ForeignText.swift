/// Text that somebody else wrote: isolated from the direction of ours, with what can't be seen shown as marks.
enum ForeignText {
  /// Characters that change the direction or the look of what stands around them, and show nothing themselves.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x061C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x206F, 0xFEFF, 0x00AD, 0x180E,
      0xE0000...0xE007F:
      true
    case 0...8, 0x0B...0x1F, 0x7F...0x9F: true
    default: false
    }
  }

  /// The text in an isolate; a mark stands for each character that can't be seen.
  static func node(_ text: String, _ attributes: Attribute?...) -> Node {
    .element(Element(name: "bdi", attributes: attributes.compactMap(\.self), content: marked(text)))
  }

  private static func marked(_ text: String) -> [Node] {
    var nodes: [Node] = []
    var plain = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      guard isInvisible(scalar) else {
        plain.append(scalar)
        continue
      }
      if !plain.isEmpty { nodes.append(.text(String(plain))) }
      plain = String.UnicodeScalarView()
      nodes.append(mark(scalar))
    }
    if !plain.isEmpty { nodes.append(.text(String(plain))) }
    return nodes
  }

  private static func mark(_ scalar: Unicode.Scalar) -> Node {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return el("span", .class("unseen"), Attribute("title", name)) { name }
  }
}

/// Somebody else's text as a node.
func foreign(_ text: String, _ attribute: Attribute? = nil) -> Node { ForeignText.node(text, attribute) }
