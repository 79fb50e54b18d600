/// Percent-encoding and its reverse, with the URL Standard's encode sets (section 1.3).
public enum PercentEncoding {
  /// The bytes that a component must not show as they are; bytes from 0x7F on always belong to it.
  public struct EncodeSet: Sendable, Hashable {
    // One bit for each of the bytes 0…63 and 64…127.
    let low: UInt64
    let high: UInt64

    @inline(__always)
    init(low: UInt64, high: UInt64) {
      self.low = low
      self.high = high
    }

    /// This set and the given ASCII characters as well; anything else in `characters` is ignored.
    public func adding(_ characters: StaticString) -> EncodeSet {
      var (low, high) = (low, high)
      characters.withUTF8Buffer { buffer in
        for byte in buffer {
          if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte & 63) }
        }
      }
      return EncodeSet(low: low, high: high)
    }

    @inline(__always)
    public func contains(_ byte: UInt8) -> Bool {
      if byte >= 128 { return true }
      return ((byte < 64 ? low : high) &>> UInt64(byte & 63)) & 1 != 0
    }

    /// C0 controls, and everything from U+007F on.
    public static let c0Control = EncodeSet(low: 0xFFFF_FFFF, high: 1 << 63)
    /// Adds: space " < > `
    public static let fragment = EncodeSet(low: 0x5000_0005_FFFF_FFFF, high: 0x8000_0001_0000_0000)
    /// C0 controls and: space " # < >
    public static let query = EncodeSet(low: 0x5000_000D_FFFF_FFFF, high: 0x8000_0000_0000_0000)
    /// Adds: '
    public static let specialQuery = EncodeSet(low: 0x5000_008D_FFFF_FFFF, high: 0x8000_0000_0000_0000)
    /// The query set and: ? ^ ` { }
    public static let path = EncodeSet(low: 0xD000_000D_FFFF_FFFF, high: 0xA800_0001_4000_0000)
    /// Adds: / : ; = @ [ \ ] |
    public static let userinfo = EncodeSet(low: 0xFC00_800D_FFFF_FFFF, high: 0xB800_0001_7800_0001)
    /// Adds: $ % & + ,
    public static let component = EncodeSet(low: 0xFC00_987D_FFFF_FFFF, high: 0xB800_0001_7800_0001)
    /// Adds: ! ' ( ) ~
    public static let formURLEncoded = EncodeSet(low: 0xFC00_9BFF_FFFF_FFFF, high: 0xF800_0001_7800_0001)
  }

  /// The bytes with those of `set` written as `%XX`, in upper-case digits.
  public static func encode(_ bytes: some Collection<UInt8>, _ set: EncodeSet) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
      if set.contains(byte) { appendEncoded(byte, to: &result) } else { result.append(byte) }
    }
    return result
  }

  /// The bytes with each `%XX` replaced by the byte it stands for; any other `%` stays.
  public static func percentDecode(_ bytes: some Collection<UInt8>) -> [UInt8] {
    let source = Array(bytes)
    var result: [UInt8] = []
    result.reserveCapacity(source.count)
    var index = 0
    while index < source.count {
      let byte = source[index]
      if byte == UInt8(ascii: "%"), source.count - index > 2,
        let upper = hexValue(source[index + 1]), let lower = hexValue(source[index + 2])
      {
        result.append(upper << 4 | lower)
        index += 3
      } else {
        result.append(byte)
        index += 1
      }
    }
    return result
  }

  static func append(_ bytes: UnsafeBufferPointer<UInt8>, _ set: EncodeSet, to result: inout [UInt8]) {
    // Runs that need nothing are copied whole; encoded ones go byte by byte.
    var index = 0
    while index < bytes.count {
      let start = index
      while index < bytes.count, !set.contains(bytes[index]) { index += 1 }
      if start < index { result.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index])) }
      while index < bytes.count, set.contains(bytes[index]) {
        appendEncoded(bytes[index], to: &result)
        index += 1
      }
    }
  }

  @inline(__always)
  private static func appendEncoded(_ byte: UInt8, to result: inout [UInt8]) {
    result.append(UInt8(ascii: "%"))
    result.append(upperHexDigit(byte >> 4))
    result.append(upperHexDigit(byte & 15))
  }

  @inline(__always)
  private static func upperHexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

  /// The value of a hexadecimal digit, or nil for any other byte.
  @inline(__always)
  static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}
