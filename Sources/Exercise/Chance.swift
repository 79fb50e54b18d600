import Crypto
public import Domain
import Synchronization

/// What happens by chance in an exercise: HMAC-SHA-256 of purpose, subject and number under the seed.
///
/// No shared stream: whatever else is drawn, and in whichever order, a subject's fate is the same.
public struct Chance: Sendable {
  private let key: SymmetricKey

  public init(seed: String) {
    key = SymmetricKey(data: SHA256.hash(data: Array("cordon exercise\u{0}\(seed)".utf8)))
  }

  /// A number from 0 up to, without, 1.
  func fraction(_ purpose: String, _ subject: String) -> Double {
    Double(word(purpose, subject) >> 11) * 0x1p-53
  }

  /// A position in a list of `count`.
  func position(_ purpose: String, _ subject: String, below count: Int) -> Int {
    Int(word(purpose, subject) % UInt64(max(count, 1)))
  }

  /// 32 bytes for a key.
  public func secret(_ purpose: String) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(purpose.utf8), using: key))
  }

  private func word(_ purpose: String, _ subject: String) -> UInt64 {
    HMAC<SHA256>.authenticationCode(for: Array("\(purpose)\u{0}\(subject)".utf8), using: key).withUnsafeBytes {
      UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    }
  }
}

/// Identifiers and salts of an exercise: for each step a stream of its own.
///
/// Steps follow one another and each draws in one order, so that the same seed gives the same journal; a step that
/// is run again after a kill has another run number, and draws others.
public final class StepRandom: RandomSource {
  private struct Stream {
    var key: SymmetricKey
    var number: UInt64 = 0
    var spare: (UInt64, UInt64)?
  }

  private let chance: Chance
  private let run: Int
  private let stream: Mutex<Stream>

  public init(chance: Chance, run: Int) {
    self.chance = chance
    self.run = run
    stream = Mutex(Stream(key: SymmetricKey(data: chance.secret("stream\u{0}founding\u{0}\(run)"))))
  }

  /// Begins the stream of a step.
  func begin(_ step: String) {
    let key = SymmetricKey(data: chance.secret("stream\u{0}\(step)\u{0}\(run)"))
    stream.withLock { $0 = Stream(key: key) }
  }

  public func words() -> (UInt64, UInt64) {
    stream.withLock { stream in
      if let spare = stream.spare {
        stream.spare = nil
        return spare
      }
      let block = HMAC<SHA256>.authenticationCode(for: [UInt8](stream.number), using: stream.key)
      stream.number += 1
      return block.withUnsafeBytes { bytes in
        func word(_ position: Int) -> UInt64 {
          UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * position, as: UInt64.self))
        }
        stream.spare = (word(2), word(3))
        return (word(0), word(1))
      }
    }
  }
}

extension [UInt8] {
  fileprivate init(_ number: UInt64) { self = Swift.withUnsafeBytes(of: number.bigEndian) { Array($0) } }
}
