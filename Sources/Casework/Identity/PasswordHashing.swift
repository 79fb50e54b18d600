import Crypto
import CryptoExtras
import Domain

/// Password verifiers by scrypt (RFC 7914): `scrypt$17$8$1$salt$key`, salt and key in hexadecimal.
///
/// 2^17 blocks of 1 KiB make each guess cost 128 MiB; one at a time is worked out, so that sign-ins
/// can't exhaust the memory of a small server.
actor PasswordHashing {
  private static let cost = 17
  private static let blockSize = 8
  private static let parallelism = 1
  private static let keyLength = 32

  /// At least this many characters (NIST SP 800-63B asks for 8, and 15 where there is no second factor).
  static let shortestPassword = 12

  func makeVerifier(for password: String, random: any RandomSource) throws -> String {
    let words = random.words()
    let salt = Identifier(high: words.0, low: words.1).bytes
    let key = try Self.key(password, salt: salt, cost: Self.cost)
    return "scrypt$\(Self.cost)$\(Self.blockSize)$\(Self.parallelism)$\(Hex.encode(salt))$\(Hex.encode(key))"
  }

  /// Takes as long whether there is a verifier or not, so that nobody learns which names exist.
  func verify(_ password: String, against verifier: String?) throws -> Bool {
    let parts = (verifier ?? "").split(separator: "$")
    guard parts.count == 6, let cost = Int(parts[1]), (10...20).contains(cost), let salt = Hex.decode(parts[4]),
      let expected = Hex.decode(parts[5])
    else {
      _ = try Self.key(password, salt: Array(repeating: 0, count: 16), cost: Self.cost)
      return false
    }
    let key = try Self.key(password, salt: salt, cost: cost)
    var difference = UInt8(key.count == expected.count ? 0 : 1)
    for (byte, other) in zip(key, expected) { difference |= byte ^ other }
    return difference == 0
  }

  private static func key(_ password: String, salt: [UInt8], cost: Int) throws -> [UInt8] {
    let rounds = 1 << cost
    let key = try KDF.Scrypt.deriveKey(
      from: Array(password.utf8), salt: salt, outputByteCount: keyLength, rounds: rounds, blockSize: blockSize,
      parallelism: parallelism, maxMemory: 2 * 128 * rounds * blockSize)
    return key.withUnsafeBytes { Array($0) }
  }
}
