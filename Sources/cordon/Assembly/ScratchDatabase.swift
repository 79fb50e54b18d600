import Foundation
import SQLiteEngine
import Storage
import Synchronization
import TransparencyLog

/// A database that lives as long as one replay.
///
/// It holds personal data, so its files lose their names as soon as they are open: however the program
/// ends, nothing of it stays.
struct ScratchDatabase {
  let engine: SQLiteFile

  init() throws {
    let directory = NSTemporaryDirectory() + "/cordon-replay-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: directory) }
    engine = try SQLiteFile(path: directory + "/replay.db", durability: .scratch)
  }
}

extension StoreAddress {
  /// Holds a record against its own journal and shows how far that is; changes nothing.
  func verified(
    by verifier: NoteVerifier, outside: SignedNote? = nil, replay: Bool
  ) async throws -> VerificationReport {
    let engine = try openEngine()
    defer { try? engine.close() }
    let scratch = replay ? try ScratchDatabase() : nil
    let progress = VerificationProgress()
    defer { progress.clear() }
    return try await Verification.run(
      on: engine, verifier: verifier, outside: outside, scratch: scratch?.engine
    ) { step, done in progress.show(step, done) }
  }
}

/// Shows a verification's steps, from whichever thread tells of them.
final class VerificationProgress: Sendable {
  private let line = Mutex(ProgressLine("leaves", total: nil))
  private let replay = Mutex(ProgressLine("replayed", total: nil))

  func show(_ step: Verification.Step, _ done: Int64) {
    switch step {
    case .leaves: line.withLock { $0.show(done: done, count: done) }
    case .replay: replay.withLock { $0.show(done: done, count: done) }
    }
  }

  func clear() {
    line.withLock { $0.clear() }
    replay.withLock { $0.clear() }
  }
}
