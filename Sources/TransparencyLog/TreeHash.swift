import Crypto

/// A SHA-256 hash of a leaf or of a subtree: 32 bytes, held inline.
public struct TreeHash: Sendable, Hashable {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  public static let length = 32

  /// Copies the first 32 bytes; there must be as many.
  public init(unsafeBytes buffer: UnsafeRawBufferPointer) {
    precondition(buffer.count >= Self.length, "a tree hash has 32 bytes")
    withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<Self.length])) }
  }

  init(_ digest: SHA256Digest) {
    self = digest.withUnsafeBytes { TreeHash(unsafeBytes: $0) }
  }

  /// Nil unless there are exactly 32 bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.length else { return nil }
    self = Array(bytes).withUnsafeBytes { TreeHash(unsafeBytes: $0) }
  }

  /// Reads 64 hexadecimal digits of either case.
  public init?(hex text: some StringProtocol) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.length)
    var high: UInt8?
    for digit in text.utf8 {
      guard let nibble = Self.nibble(digit) else { return nil }
      if let first = high {
        bytes.append(first << 4 | nibble)
        high = nil
      } else {
        high = nibble
      }
    }
    guard high == nil else { return nil }
    self.init(bytes: bytes)
  }

  /// Calls `body` with the 32 bytes where they lie.
  public func withBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
    try withUnsafeBytes(of: words, body)
  }

  public var bytes: [UInt8] { withBytes { Array($0) } }

  /// 64 lower-case hexadecimal digits.
  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  public static func == (lhs: TreeHash, rhs: TreeHash) -> Bool { lhs.words == rhs.words }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }

  private static func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x57
    case 0x41...0x46: digit - 0x37
    default: nil
    }
  }
}

extension TreeHash: CustomStringConvertible {
  public var description: String { hex }
}
