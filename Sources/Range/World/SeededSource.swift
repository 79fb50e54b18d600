import Crypto

/// Where everything that looks like chance comes from: HMAC-SHA-256 under the seed, of a purpose, a subject and a number.
///
/// There is no stream: a draw depends on nothing but its own name, so that nothing can shift another thing's fate.
package struct SeededSource: Sendable {
  private let key: SymmetricKey

  package init(seed: String) {
    key = SymmetricKey(data: SHA256.hash(data: Array("cordon range ".utf8) + Array(seed.utf8)))
  }

  func draw(_ purpose: StaticString, _ subject: some Collection<UInt8>, _ number: Int = 0) -> Draw {
    var text: [UInt8] = []
    text.reserveCapacity(subject.count + 32)
    text.append(contentsOf: UnsafeBufferPointer(start: purpose.utf8Start, count: purpose.utf8CodeUnitCount))
    text.append(0)
    text.append(contentsOf: subject)
    text.append(0)
    Self.append(UInt64(truncatingIfNeeded: number), to: &text)
    let code = HMAC<SHA256>.authenticationCode(for: text, using: key)
    return code.withUnsafeBytes { bytes in
      Draw(
        words: (
          bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
          bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
          bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
          bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        ))
    }
  }

  func draw(_ purpose: StaticString, item: Int, _ number: Int = 0) -> Draw {
    var subject: [UInt8] = []
    Self.append(UInt64(truncatingIfNeeded: item), to: &subject)
    return draw(purpose, subject, number)
  }

  private static func append(_ value: UInt64, to text: inout [UInt8]) {
    for shift in stride(from: 0, to: 64, by: 8) { text.append(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
  }
}

/// One draw: 256 bits, read as eight lanes of 32 that have nothing to do with each other.
struct Draw: Sendable {
  let words: (UInt64, UInt64, UInt64, UInt64)

  func lane(_ index: Int) -> UInt32 {
    let word =
      switch index >> 1 {
      case 0: words.0
      case 1: words.1
      case 2: words.2
      default: words.3
      }
    return UInt32(truncatingIfNeeded: index & 1 == 0 ? word : word >> 32)
  }

  /// A number from 0 to `bound` - 1.
  func below(_ bound: Int, _ lane: Int) -> Int { Int((UInt64(self.lane(lane)) * UInt64(bound)) >> 32) }

  /// True in so many of a million cases.
  func hits(perMillion: Int, _ lane: Int) -> Bool { below(1_000_000, lane) < perMillion }

  /// From 0 up to but not including 1.
  func fraction(_ lane: Int) -> Double { Double(self.lane(lane)) / 4_294_967_296 }
}
