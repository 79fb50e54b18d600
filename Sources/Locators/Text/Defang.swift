/// Makes an address usable again that was written so that nobody follows it by accident.
public enum Defang {
  /// The text of one cell or line with `hxxp`, `[.]`, `[:]//`, `(dot)` and the like undone.
  ///
  /// Brackets behind the host are only touched when the address is defanged before them; what is not
  /// defanged comes back as it was. Time is linear.
  public static func refang(_ text: [UInt8]) -> [UInt8] {
    text.withUnsafeBufferPointer { refang($0) ?? text }
  }

  /// As ``refang(_:)-([UInt8])``; nil when nothing is to be undone.
  static func refang(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard !bytes.isEmpty else { return nil }
    var output: [UInt8] = []
    var index = 0
    while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    var isDefanged = false
    var isInHost = true
    if index < bytes.count, let scheme = DefangedMarks.scheme(bytes, index) {
      isDefanged = scheme.isDefanged
      output += scheme.meant
      index += scheme.length
    }
    while index < bytes.count {
      // A bracket right behind "://" begins an IPv6 address.
      if isInHost || isDefanged, let mark = DefangedMarks.bracketed(bytes, index),
        isInHost || mark.byte != 0x3A
      {
        output.append(mark.byte)
        index += mark.length
        isDefanged = true
        if mark.byte == UInt8(ascii: "/") { isInHost = false }
        continue
      }
      if isInHost && isDefanged, let mark = DefangedMarks.spacedDot(bytes, index) {
        output.append(mark.byte)
        index += mark.length
        continue
      }
      let byte = bytes[index]
      if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") {
        isInHost = false
      }
      output.append(byte)
      index += 1
    }
    return isDefanged ? output : nil
  }
}
