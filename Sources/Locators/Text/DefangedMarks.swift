/// The marks that people put into addresses so that nobody follows them by accident.
enum DefangedMarks {
  /// A mark that was found: what it stands for and how many bytes it takes.
  struct Mark {
    let byte: UInt8
    let length: Int
  }

  /// `[.]`, `(dot)`, `{:}`, `[/]`, `[@]`, `\.` and the like at `start`.
  static func bracketed(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Mark? {
    let closing: UInt8
    switch bytes[start] {
    case UInt8(ascii: "["): closing = UInt8(ascii: "]")
    case UInt8(ascii: "("): closing = UInt8(ascii: ")")
    case UInt8(ascii: "{"): closing = UInt8(ascii: "}")
    default: return nil
    }
    // Blanks may stand inside the brackets, one on each side.
    var index = start + 1
    if index < bytes.count, bytes[index] == 0x20 { index += 1 }
    guard index < bytes.count else { return nil }
    let byte: UInt8
    if hasWord(bytes, index, dot) {
      byte = UInt8(ascii: ".")
      index += 3
    } else {
      byte = bytes[index]
      guard
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "/")
          || byte == UInt8(ascii: "@")
      else { return nil }
      index += 1
    }
    if index < bytes.count, bytes[index] == 0x20 { index += 1 }
    guard index < bytes.count, bytes[index] == closing else { return nil }
    return Mark(byte: byte, length: index + 1 - start)
  }

  /// ` dot ` or ` [.] ` between two labels; only sure inside an address that is defanged in other places.
  static func spacedDot(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Mark? {
    guard bytes[start] == 0x20, start + 1 < bytes.count else { return nil }
    var index = start + 1
    if hasWord(bytes, index, dot) {
      index += 3
    } else if let mark = bracketed(bytes, index), mark.byte == UInt8(ascii: ".") {
      index += mark.length
    } else {
      return nil
    }
    guard index + 1 < bytes.count, bytes[index] == 0x20, ASCII.isAlphanumeric(bytes[index + 1]) else {
      return nil
    }
    return Mark(byte: UInt8(ascii: "."), length: index + 1 - start)
  }

  /// A scheme with what separates it from the host.
  struct Scheme {
    /// The scheme with `://`, in lower case and as it is meant.
    let meant: [UInt8]
    let length: Int
    let isDefanged: Bool
  }

  private static let dot = Array("dot".utf8)
  // Longer words before their beginnings.
  private static let schemes: [(word: [UInt8], meant: [UInt8], isDefanged: Bool)] = [
    ("https", "https", false), ("http", "http", false), ("hxxps", "https", true), ("hxxp", "http", true),
    ("htxps", "https", true), ("htxp", "http", true), ("hxtps", "https", true), ("hxtp", "http", true),
    ("h**ps", "https", true), ("h**p", "http", true), ("ftp", "ftp", false), ("fxp", "ftp", true),
  ].map { (Array($0.0.utf8), Array("\($0.1)://".utf8), $0.2) }

  /// Reads `http://`, `hXXps[:]//`, `http:\/\/` and the like at `start`.
  static func scheme(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Scheme? {
    let first = bytes[start] | 0x20
    guard first == UInt8(ascii: "h") || first == UInt8(ascii: "f") else { return nil }
    for (word, meant, isDefanged) in schemes where hasWord(bytes, start, word) {
      guard let separator = separator(bytes, start + word.count) else { continue }
      return Scheme(
        meant: meant, length: word.count + separator.length, isDefanged: isDefanged || separator.isDefanged)
    }
    return nil
  }

  /// Reads a colon and two slashes, among which brackets and backslashes may stand.
  private static func separator(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int
  ) -> (length: Int, isDefanged: Bool)? {
    var index = start
    var colons = 0
    var slashes = 0
    var others = 0
    var depth = 0
    let limit = min(bytes.count, start + 12)
    while index < limit {
      switch bytes[index] {
      case UInt8(ascii: ":") where colons == 0: colons = 1
      case UInt8(ascii: "/") where colons == 1: slashes += 1
      case UInt8(ascii: "\\") where colons == 1: break
      case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: ")"), UInt8(ascii: "}"): depth -= 1
      default: return nil
      }
      if bytes[index] != UInt8(ascii: ":") && bytes[index] != UInt8(ascii: "/")
        && bytes[index] != UInt8(ascii: "\\")
      {
        others += 1
      }
      index += 1
      if depth < 0 { return nil }
      if slashes == 2 && depth == 0 { return (index - start, others > 0) }
    }
    return nil
  }

  /// Whether `word`, which is in lower case, stands at `start` in any ASCII case.
  static func hasWord(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ word: [UInt8]) -> Bool {
    bytes.count - start >= word.count && ASCII.equalsIgnoringCase(bytes, start, word)
  }
}
