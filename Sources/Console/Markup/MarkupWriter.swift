/// Writes nodes as HTML, escaping every text and every value.
struct MarkupWriter {
  private(set) var bytes: [UInt8] = []

  /// Elements that have no content and no end tag.
  private static let void: Set<String> = ["br", "hr", "img", "input", "link", "meta", "wbr"]

  static func bytes(of nodes: [Node]) -> [UInt8] {
    var writer = MarkupWriter()
    writer.bytes.reserveCapacity(32_768)
    writer.write(nodes)
    return writer.bytes
  }

  /// A whole document.
  static func document(_ root: Node) -> [UInt8] { Array("<!doctype html>\n".utf8) + bytes(of: [root]) }

  mutating func write(_ nodes: [Node]) {
    for node in nodes {
      switch node {
      case .text(let text): escape(text)
      case .element(let element): write(element)
      }
    }
  }

  private mutating func write(_ element: Element) {
    bytes.append(0x3C)
    bytes += element.name.utf8
    for attribute in element.attributes {
      bytes.append(0x20)
      bytes += attribute.name.utf8
      guard let value = attribute.value else { continue }
      bytes += "=\"".utf8
      escape(value)
      bytes.append(0x22)
    }
    bytes.append(0x3E)
    guard !Self.void.contains(element.name) else { return }
    write(element.content)
    bytes += "</".utf8
    bytes += element.name.utf8
    bytes.append(0x3E)
  }

  private mutating func escape(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case 0x26: bytes += "&amp;".utf8
      case 0x3C: bytes += "&lt;".utf8
      case 0x3E: bytes += "&gt;".utf8
      case 0x22: bytes += "&quot;".utf8
      case 0x27: bytes += "&#39;".utf8
      // HTML has no way to write a NUL.
      case 0: bytes += "\u{FFFD}".utf8
      default: bytes.append(byte)
      }
    }
  }
}
