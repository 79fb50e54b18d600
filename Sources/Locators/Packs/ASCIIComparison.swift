extension ASCII {
  @inline(__always)
  static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }

  /// What a byte stands for as a hexadecimal digit.
  @inline(__always)
  static func hexValue(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte &- 0x30 }
    let lower = byte | 0x20
    return lower &- 0x61 < 6 ? lower &- 0x61 &+ 10 : nil
  }

  /// Whether `word`, which is in lower case, stands at `start`; the caller has checked that it fits.
  @inline(__always)
  static func equalsIgnoringCase(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ word: [UInt8]
  ) -> Bool {
    for index in 0..<word.count where lowercased(bytes[start + index]) != word[index] { return false }
    return true
  }

  /// Whether `word` stands at `start`, letter for letter; the caller has checked that it fits.
  @inline(__always)
  static func equals(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ word: [UInt8]) -> Bool {
    word.withUnsafeBufferPointer { word in
      for index in 0..<word.count where bytes[start &+ index] != word[index] { return false }
      return true
    }
  }
}
