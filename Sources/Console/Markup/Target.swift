/// A place on this server, and nowhere else: pages never link to what they report on.
struct Target: Sendable, Hashable {
  let text: String

  /// Each part is encoded by itself, so that no part can leave its place.
  init(_ parts: String..., query: [(name: String, value: String?)] = [], fragment: String? = nil) {
    var text = parts.isEmpty ? "/" : parts.map { "/" + Self.encode($0) }.joined()
    var separator = "?"
    for (name, value) in query {
      guard let value else { continue }
      text += separator + Self.encode(name) + "=" + Self.encode(value)
      separator = "&"
    }
    if let fragment { text += "#" + Self.encode(fragment) }
    self.text = text
  }

  /// A place inside the page.
  init(fragment: String) { text = "#" + Self.encode(fragment) }

  /// A path that came with a request; nil where it could lead to another host.
  init?(local path: String) {
    guard path.hasPrefix("/"), !path.hasPrefix("//"), path.utf8.count <= 2_000,
      path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C })
    else { return nil }
    text = path
  }

  static func encode(_ part: String) -> String {
    var encoded = ""
    for byte in part.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return encoded
  }
}
