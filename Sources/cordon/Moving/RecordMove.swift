import Casework
import Domain
import Foundation
import Storage
import Synchronization

/// A record on its way from one place to another: its store by ``Transfer``, its files with their digests.
struct RecordMove {
  let source: StoreAddress
  let target: StoreAddress

  struct Outcome: Sendable {
    let copy: Transfer.Result
    let installation: Identifier
    /// Keys, packs and what makes it an exercise.
    let files: [FileDigest]
    let blobs: BlobCopy.Count
  }

  /// Copies everything; the source may be written to meanwhile.
  ///
  /// Throws where the target has a record, and leaves one that no program opens where it does not come to its end.
  func run() async throws -> Outcome {
    guard !source.isSame(as: target) else {
      throw CommandFailure(.usage, "\(source) is both where the record is and where it shall go: name another target")
    }
    guard !source.isMissing else { throw CommandFailure(.noInput, "there is no record in \(source)") }
    let sourceEngine = try source.openEngine()
    defer { try? sourceEngine.close() }
    let installation = try await requireOwnKeys(sourceEngine)
    try target.makeDirectory()
    let lock = try TransferLock(directory: target.directory)
    defer { lock.release() }
    try await requireRoom()
    let targetEngine = try target.openEngine()
    let outcome: Outcome
    do { outcome = try await copy(from: sourceEngine, to: targetEngine, installation) } catch {
      try? targetEngine.close()
      throw error
    }
    try targetEngine.close()
    try nameKeys()
    return outcome
  }

  /// Throws where the source's keys are not there or not its own; returns whose record it is.
  private func requireOwnKeys(_ engine: any Engine) async throws -> Identifier {
    switch try await RecordState.read(engine) {
    case .empty: throw CommandFailure(.noInput, "there is no record in \(source)")
    case .unfinished: throw TransferFault.unfinished
    case .founded(let installation):
      guard FoundingKeys.areThere(in: source.directory) else { throw FoundingKeys.missingKeys(source) }
      let keys = try KeyFiles(directory: source.directory + "/keys").load()
      do { try keys.requireMade(try await KeySample.read(engine)) } catch let fault as KeysFault {
        throw CommandFailure(
          .configuration, "\(source.directory)/keys does not belong to the record in \(source): \(fault)")
      }
      return installation
    }
  }

  /// Asked before the target's store is opened, which would make it.
  private func requireRoom() async throws {
    if case .founded = try await target.state() {
      throw CommandFailure(
        .cannotCreate, "\(target) has a record already: name a store that has none; nothing was changed in it")
    }
    if FoundingKeys.areThere(in: target.directory) {
      throw CommandFailure(
        .cannotCreate, "\(target.directory) has keys of a record already: name another directory, or move them away")
    }
    let fresh = target.directory + "/keys.new"
    if try await target.state() == .empty, FileManager.default.fileExists(atPath: fresh) {
      throw CommandFailure(.cannotCreate, "\(fresh) is left of a founding that was not finished: move it away")
    }
  }

  private func copy(
    from sourceEngine: any Engine, to targetEngine: any Engine, _ installation: Identifier
  ) async throws -> Outcome {
    let words = SystemRandom().words()
    let transfer = Transfer(
      from: sourceEngine, to: targetEngine, run: Identifier(at: SystemClock().now(), random: words))
    try transfer.begin()
    // From an attempt that did not come to its end.
    try? FileManager.default.removeItem(atPath: target.directory + "/keys.new")
    let files = try RecordFiles(directory: source.directory).copy(to: target.directory, keysAs: "keys.new")
    let blobs = BlobCopy(from: source.directory, to: target.directory)
    let line = Mutex<ProgressLine?>(nil)
    defer { line.withLock { $0?.clear() } }
    let copy = try await transfer.run(blob: blobs.take) { done, total in
      line.withLock { line in
        if line == nil { line = ProgressLine("events", total: total) }
        line?.show(done: done, count: done)
      }
    }
    return Outcome(copy: copy, installation: installation, files: files, blobs: blobs.count)
  }

  /// The record stands: its keys get their name. Killed before, the next program that opens it does this.
  private func nameKeys() throws {
    let directory = target.directory
    do { try FileManager.default.moveItem(atPath: directory + "/keys.new", toPath: directory + "/keys") } catch {
      throw CommandFailure(.inputOutput, "\(directory)/keys can't be named: \(error.localizedDescription)")
    }
    for folder in ["", "/keys", "/packs"] where FileManager.default.fileExists(atPath: directory + folder) {
      try FileCopy.flush(directory + folder)
    }
  }
}

/// Held while a record is moved into a directory, so that no two commands do it at once.
struct TransferLock {
  private let descriptor: Int32
  private let path: String

  init(directory: String) throws {
    path = directory + "/transfer.lock"
    descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CommandFailure(.cannotCreate, "\(path) can't be created") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw CommandFailure(.unavailable, "a record is being moved into \(directory) already: wait for its end")
    }
  }

  func release() {
    unlink(path)
    close(descriptor)
  }
}
