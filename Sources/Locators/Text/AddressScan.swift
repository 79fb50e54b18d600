/// Reads one address from running text to where it ends.
struct AddressScan {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let start: Int
  private let prefixCount: Int
  private var end: Int
  private var address: [UInt8]
  // For each byte of the address behind the scheme, how many bytes of the text it took.
  private var widths: [UInt8] = []
  private var isDefanged: Bool
  private var isInHost = true
  private var open: (round: Int, square: Int, curly: Int) = (0, 0, 0)
  /// Whether the address is the value of an HTML attribute, where `&` is written `&amp;`.
  private let isInAttribute: Bool

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ scheme: DefangedMarks.Scheme) {
    self.bytes = bytes
    self.start = start
    end = start + scheme.length
    address = scheme.meant
    prefixCount = address.count
    isDefanged = scheme.isDefanged
    isInAttribute =
      start > 1 && (bytes[start - 1] == 0x22 || bytes[start - 1] == 0x27) && bytes[start - 2] == 0x3D
  }

  /// The address found; nil when there is no host.
  var link: FoundLink? {
    guard address.count > prefixCount else { return nil }
    let first = address[prefixCount]
    guard first != 0x2F, first != 0x3F, first != 0x23, first != 0x3A else { return nil }
    return FoundLink(range: start..<end, address: address)
  }

  mutating func run() {
    while end < bytes.count {
      if takeMark() { continue }
      let byte = bytes[end]
      // `\/` is a slash in JSON; any other backslash begins an escape such as `\n` or `\"`.
      if byte == UInt8(ascii: "\\"), end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: "/") {
        isInHost = false
        take(UInt8(ascii: "/"), 2)
        continue
      }
      if endsAddress(byte) || TextDelimiter.length(bytes, end) > 0 { return }
      if byte == UInt8(ascii: "&"), let width = entity() {
        if width == 0 { return }
        take(byte, width)
        continue
      }
      if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") {
        isInHost = false
      }
      take(byte, 1)
    }
  }

  private mutating func take(_ byte: UInt8, _ width: Int) {
    address.append(byte)
    widths.append(UInt8(truncatingIfNeeded: width))
    end += width
  }

  /// Takes a defanged dot, colon, slash or at sign.
  private mutating func takeMark() -> Bool {
    if isInHost || isDefanged, let mark = DefangedMarks.bracketed(bytes, end),
      mark.byte == 0x2E || isDefanged
    {
      isDefanged = true
      if mark.byte == UInt8(ascii: "/") { isInHost = false }
      take(mark.byte, mark.length)
      return true
    }
    if isInHost && isDefanged, address.count > prefixCount, let mark = DefangedMarks.spacedDot(bytes, end) {
      take(mark.byte, mark.length)
      return true
    }
    return false
  }

  /// Whether this ASCII byte ends the address; also keeps count of brackets.
  private mutating func endsAddress(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0x7F, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "`"),
      UInt8(ascii: "|"), UInt8(ascii: "^"), UInt8(ascii: "\\"):
      return true
    case UInt8(ascii: "'"):
      return start > 0 && bytes[start - 1] == byte
    case UInt8(ascii: ","), UInt8(ascii: ";"):
      // Two addresses written without a blank between them.
      return end + 1 < bytes.count && DefangedMarks.scheme(bytes, end + 1) != nil
    case UInt8(ascii: "("): open.round += 1
    case UInt8(ascii: "["): open.square += 1
    case UInt8(ascii: "{"): open.curly += 1
    case UInt8(ascii: ")"):
      if open.round == 0 { return true }
      open.round -= 1
    case UInt8(ascii: "]"):
      if open.square == 0 { return true }
      open.square -= 1
    case UInt8(ascii: "}"):
      if open.curly == 0 { return true }
      open.curly -= 1
    default: break
    }
    return false
  }

  private static let ends = ["&quot;", "&lt;", "&gt;", "&#39;", "&#34;", "&nbsp;", "&apos;"].map {
    Array($0.utf8)
  }
  private static let ampersand = Array("&amp;".utf8)

  /// What an HTML entity means here: 0 ends the address, another number is its width; nil: a plain `&`.
  private func entity() -> Int? {
    for word in Self.ends where DefangedMarks.hasWord(bytes, end, word) { return 0 }
    return isInAttribute && DefangedMarks.hasWord(bytes, end, Self.ampersand) ? Self.ampersand.count : nil
  }

  /// Takes off what belongs to the sentence: punctuation, quotes, emphasis and brackets that nothing closes.
  mutating func trim() {
    while let last = address.last, let width = widths.last {
      switch last {
      case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"),
        UInt8(ascii: "?"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "("), UInt8(ascii: "["),
        UInt8(ascii: "{"):
        break
      case UInt8(ascii: "_"), UInt8(ascii: "~"):
        // Emphasis only when the same mark stands before the address; else it may end a name.
        guard start > 0, bytes[start - 1] == last else { return }
      default: return
      }
      address.removeLast()
      widths.removeLast()
      end -= Int(width)
    }
  }
}
