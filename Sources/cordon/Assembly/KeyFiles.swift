import Casework
import Crypto
import Domain
import Foundation
import TransparencyLog

/// The installation's secrets as files that only their owner may read.
struct KeyFiles {
  let directory: String

  private var locatorPath: String { directory + "/locator.key" }
  private var journalPath: String { directory + "/journal.key" }
  /// The journal's public key: to be given to whoever shall verify.
  var verifierPath: String { directory + "/journal.vkey" }

  /// New secrets under a new journal name.
  ///
  /// The locator key is random; an exercise gives its own.
  func create(
    random: some RandomSource, locatorKey: SymmetricKey = SymmetricKey(size: .bits256)
  ) throws {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let name = ProcessInfo.processInfo.environment["CORDON_ORIGIN"] ?? Self.freshName(random)
    guard !name.isEmpty, !name.contains(where: { $0.isWhitespace || $0 == "+" }) else {
      throw CommandFailure(.configuration, "CORDON_ORIGIN, the journal's name, must have no spaces and no plus sign")
    }
    let signer = NoteSigner(name: name)
    let key = locatorKey.withUnsafeBytes { Hex.encode(Array($0)) }
    try write(key + "\n", to: locatorPath)
    try write(signer.encoded + "\n", to: journalPath)
    try write(signer.verifier.encoded + "\n", to: verifierPath)
  }

  func load() throws -> InstallationKeys {
    guard let key = Hex.decode(try line(of: locatorPath)), key.count == 32 else {
      throw CommandFailure(.configuration, "\(locatorPath) does not hold a key: restore it from a backup")
    }
    let signer: NoteSigner
    do { signer = try NoteSigner(encoded: try line(of: journalPath)) } catch is NoteFault {
      throw CommandFailure(.configuration, "\(journalPath) does not hold a key: restore it from a backup")
    }
    return InstallationKeys(digests: KeyedDigests(key: SymmetricKey(data: key)), journal: signer)
  }

  /// The public half alone, for verification.
  func loadVerifier(at path: String? = nil) throws -> NoteVerifier {
    let path = path ?? verifierPath
    do { return try NoteVerifier(encoded: try line(of: path)) } catch is NoteFault {
      throw CommandFailure(.configuration, "\(path) does not hold a verifier key, name+id+key on one line")
    }
  }

  private static func freshName(_ random: some RandomSource) -> String {
    let bytes = withUnsafeBytes(of: random.words().0) { Array($0) }
    return "\(Hex.encode(bytes)).cordon.invalid"
  }

  private func line(of path: String) throws -> String {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.configuration, "the key \(path) is missing or can't be read: restore it from a backup")
    }
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func write(_ text: String, to path: String) throws {
    guard
      FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    else { throw CommandFailure(.cannotCreate, "\(path) can't be written") }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.synchronize()
    try handle.close()
  }
}
