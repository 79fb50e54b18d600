/// Finds a page's title while the page comes in; it keeps nothing else of the page.
public struct TitleScan: Sendable {
  /// A title that begins later than this many bytes into the page is not looked for.
  public static let reach = 65_536
  /// How many bytes of UTF-8 a title has at most.
  public static let longest = 200
  // Character references are longer than what they stand for; white space is folded.
  private static let mostRaw = 2_048
  private static let opening = Array("<title".utf8)
  private static let closing = Array("</title".utf8)

  private enum State { case before, inTag, inside, done }

  private var state = State.before
  private var seen = 0
  /// How many bytes of the tag that is sought have been matched.
  private var matched = 0
  private var raw: [UInt8] = []

  public init() {}

  /// Whether nothing more can be found.
  public var isDone: Bool { state == .done }

  public mutating func feed(_ chunk: UnsafeBufferPointer<UInt8>) {
    guard state != .done else { return }
    let room = Self.reach - seen
    for byte in chunk.prefix(room) where state != .done { take(byte) }
    seen += min(chunk.count, room)
    if seen >= Self.reach { state = .done }
  }

  private mutating func take(_ byte: UInt8) {
    switch state {
    case .before:
      if matched == Self.opening.count {
        // `<titles>` is another element.
        if byte == UInt8(ascii: ">") { return (state, matched) = (.inside, 0) }
        if isSpace(byte) || byte == UInt8(ascii: "/") { return state = .inTag }
        matched = 0
      }
      match(byte, Self.opening)
    case .inTag:
      if byte == UInt8(ascii: ">") { (state, matched) = (.inside, 0) }
    case .inside:
      raw.append(byte)
      match(byte, Self.closing)
      if matched == Self.closing.count {
        raw.removeLast(Self.closing.count)
        state = .done
      } else if raw.count >= Self.mostRaw {
        state = .done
      }
    case .done: return
    }
  }

  private mutating func match(_ byte: UInt8, _ word: [UInt8]) {
    if matched == word.count { matched = 0 }
    if ASCII.lowercased(byte) == word[matched] {
      matched += 1
    } else {
      matched = byte == UInt8(ascii: "<") ? 1 : 0
    }
  }

  /// The title with white space folded and character references read; nil where there is none.
  public var title: String? {
    guard state == .inside || state == .done, !raw.isEmpty else { return nil }
    var text = ""
    var length = 0
    var pendingSpace = false
    for scalar in CharacterReferences.read(String(decoding: raw, as: UTF8.self)).unicodeScalars {
      if Self.isBlank(scalar) {
        pendingSpace = !text.isEmpty
        continue
      }
      let width = UTF8.width(scalar) + (pendingSpace ? 1 : 0)
      guard length + width <= Self.longest else { break }
      if pendingSpace { text.unicodeScalars.append(" ") }
      text.unicodeScalars.append(scalar)
      length += width
      pendingSpace = false
    }
    return text.isEmpty ? nil : text
  }

  /// White space, and controls, which have no place in a line of text.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII ? scalar.value <= 0x20 || scalar.value == 0x7F : scalar.properties.isWhitespace
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// The references that titles have in practice: `&amp;` and its kin, and numbers.
enum CharacterReferences {
  private static let names: [Substring: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ",
  ]

  static func read(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var read = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "&") {
      read += rest[..<start]
      let after = rest[rest.index(after: start)...]
      if let end = after.prefix(10).firstIndex(of: ";"), let scalar = scalar(after[..<end]) {
        read.unicodeScalars.append(scalar)
        rest = after[after.index(after: end)...]
      } else {
        read += "&"
        rest = after
      }
    }
    return read + rest
  }

  private static func scalar(_ name: Substring) -> Unicode.Scalar? {
    guard name.first == "#" else { return names[name] }
    let digits = name.dropFirst()
    let isHexadecimal = digits.first == "x" || digits.first == "X"
    guard let number = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits) else { return nil }
    return Unicode.Scalar(number)
  }
}
