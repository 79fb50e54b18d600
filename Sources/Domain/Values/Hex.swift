/// Lower-case hexadecimal, as digests are written on the record.
public enum Hex {
  @inlinable
  public static func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }

  public static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x57
    case 0x41...0x46: digit - 0x37
    default: nil
    }
  }

  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    append(Array(bytes), to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  public static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
    bytes.withUnsafeBytes { append($0, to: &output) }
  }

  /// Writes the digits side by side first: one growth of the output instead of one for each digit.
  public static func append(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count * 2) { digits in
      for position in 0..<bytes.count {
        digits[2 * position] = digit(bytes[position] >> 4)
        digits[2 * position + 1] = digit(bytes[position] & 15)
      }
      output.append(contentsOf: digits)
    }
  }

  /// The bytes of an even number of hexadecimal digits, or nil.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for position in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(of: digits[position]), let low = value(of: digits[position + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}
