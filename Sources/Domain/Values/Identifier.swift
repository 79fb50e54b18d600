/// A 128-bit UUID (RFC 9562), compared and sorted by its bytes.
public struct Identifier: Sendable, Hashable, Comparable {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Version 7: 48 bits of milliseconds from `instant`, the rest from `random`.
  public init(at instant: Instant, random: (UInt64, UInt64)) {
    let milliseconds = UInt64(max(0, instant.microseconds / 1_000))
    high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
    low = 0x8000_0000_0000_0000 | random.1 >> 2
  }

  /// Version 8: made from 16 bytes of a keyed digest, for things whose name decides who they are.
  public init(derivedFrom digest: (UInt64, UInt64)) {
    high = digest.0 & 0xFFFF_FFFF_FFFF_0FFF | 0x8000
    low = 0x8000_0000_0000_0000 | digest.1 >> 2
  }

  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var parts: (UInt64, UInt64) = (0, 0)
    for (position, byte) in bytes.enumerated() {
      if position < 8 { parts.0 = parts.0 << 8 | UInt64(byte) } else { parts.1 = parts.1 << 8 | UInt64(byte) }
    }
    self.init(high: parts.0, low: parts.1)
  }

  /// Reads the 36-character form; letters of either case.
  public init?(_ text: some StringProtocol) {
    var nibbles = 0
    var parts: (UInt64, UInt64) = (0, 0)
    var position = 0
    for byte in text.utf8 {
      defer { position += 1 }
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == 0x2D else { return nil }
        continue
      }
      guard let nibble = Hex.value(of: byte) else { return nil }
      if nibbles < 16 { parts.0 = parts.0 << 4 | UInt64(nibble) } else { parts.1 = parts.1 << 4 | UInt64(nibble) }
      nibbles += 1
      guard nibbles <= 32 else { return nil }
    }
    guard nibbles == 32, position == 36 else { return nil }
    self.init(high: parts.0, low: parts.1)
  }

  public static func < (lhs: Identifier, rhs: Identifier) -> Bool {
    lhs.high == rhs.high ? lhs.low < rhs.low : lhs.high < rhs.high
  }

  /// Calls `body` with the 16 bytes, most significant first.
  public func withBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
    try withUnsafeBytes(of: (high.bigEndian, low.bigEndian), body)
  }

  /// The 16 bytes, most significant first.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
      for position in 0..<8 {
        buffer[position] = UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * position))
        buffer[position + 8] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * position))
      }
      count = 16
    }
  }
}

extension Identifier: CustomStringConvertible {
  public var description: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(36)
    appendText(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the 36 ASCII bytes `8-4-4-4-12`, lower case.
  public func appendText(to output: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { text in
      var place = 0
      for position in 0..<16 {
        if position == 4 || position == 6 || position == 8 || position == 10 {
          text[place] = 0x2D
          place += 1
        }
        let word = position < 8 ? high : low
        let byte = UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (position & 7)))
        text[place] = Hex.digit(byte >> 4)
        text[place + 1] = Hex.digit(byte & 15)
        place += 2
      }
      output.append(contentsOf: text)
    }
  }
}

/// An identifier that knows what it identifies, so that an item's is never taken for a user's.
public struct ID<Subject>: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let identifier: Identifier

  public init(_ identifier: Identifier) { self.identifier = identifier }

  public init?(_ text: some StringProtocol) {
    guard let identifier = Identifier(text) else { return nil }
    self.identifier = identifier
  }

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.identifier < rhs.identifier }

  public var description: String { identifier.description }
}
