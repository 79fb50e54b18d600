import ArgumentParser
import Casework
import Domain
import Foundation
import Locators
import Storage

/// An installation: its store, and the directory of `keys/`, `blobs/` and the unit's own provider packs in `packs/`.
struct Installation {
  let directory: String
  let engine: any Engine
  let desk: Desk

  /// Opens the record of a store that has one.
  static func open(_ options: DataOptions) async throws -> Installation {
    let address = try options.address
    try address.requireNoBackup()
    guard !address.isMissing || FoundingKeys.areThere(in: address.directory) else {
      throw FoundingKeys.missingStore(address)
    }
    if !FileManager.default.fileExists(atPath: address.directory) {
      // No keys either, then; which of the two is amiss depends on whether there is a record.
      let isEmpty = try await address.state() == .empty
      throw isEmpty ? FoundingKeys.missingStore(address) : FoundingKeys.missingKeys(address)
    }
    return try await assemble(address, isFounding: false)
  }

  /// Opens the record of a store, founding it where there is none.
  static func openOrFound(_ options: DataOptions) async throws -> Installation {
    let address = try options.address
    try address.requireNoBackup()
    try address.makeDirectory()
    return try await assemble(address, isFounding: true)
  }

  /// The installation and whoever acts: the holder of CORDON_TOKEN, otherwise the owner of the file.
  static func openAsCaller(_ options: DataOptions, founding: Bool = false) async throws -> (Installation, Caller) {
    let installation = founding ? try await openOrFound(options) : try await open(options)
    let token = ProcessInfo.processInfo.environment["CORDON_TOKEN"]
    if let token, !token.isEmpty { return (installation, try await installation.desk.authenticate(token)) }
    return (installation, try await installation.desk.owner())
  }

  private static func assemble(_ address: StoreAddress, isFounding: Bool) async throws -> Installation {
    let lock = try FoundingLock(directory: address.directory)
    defer { lock.release() }
    // Told before the store is opened, which would make it.
    if address.isMissing { try FoundingKeys.requireNone(at: address) }
    let engine = try address.openEngine()
    do { return try await assemble(address, on: engine, isFounding: isFounding) } catch {
      try? engine.close()
      throw error
    }
  }

  private static func assemble(
    _ address: StoreAddress, on engine: any Engine, isFounding: Bool
  ) async throws -> Installation {
    let random = SystemRandom()
    let directory = address.directory
    let founding = try FoundingKeys.prepare(
      at: address, state: try await RecordState.read(engine), isFounding: isFounding, random: random)
    let keys = try founding.files.load()
    let store = try await Store(engine: engine, clock: SystemClock(), random: random)
    let desk = Desk(
      store: store, keys: keys, locators: Canonicalizer(packs: try Packs.load(directory: directory)),
      blobs: BlobFolder(directory: directory + "/blobs"),
      clock: SystemClock(), random: random)
    if founding.areNew {
      try await desk.foundInstallation(
        agencyName: ProcessInfo.processInfo.environment["CORDON_AGENCY"] ?? "This unit",
        installation: keys.digests.installation)
    }
    do { try await desk.requireOwnKeys() } catch let fault as KeysFault {
      throw founding.refused(because: fault, at: address)
    }
    try founding.finish()
    return Installation(directory: directory, engine: engine, desk: desk)
  }
}

/// The shipped provider packs and the unit's own.
enum Packs {
  /// The unit's own packs lie in `packs/` of the data directory and replace shipped ones of the same name.
  static func load(directory: String?) throws -> ProviderPacks {
    guard let folder = directory.map({ $0 + "/packs" }) else { return try ProviderPacks.shipped() }
    guard FileManager.default.fileExists(atPath: folder) else { return try ProviderPacks.shipped() }
    // A folder that is there and can't be read must not pass for none: other providers would be found.
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw CommandFailure(.noInput, "\(folder) can't be read")
    }
    let files = try names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().map { name in
      guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
        throw CommandFailure(.noInput, "\(folder)/\(name) can't be read")
      }
      return (name: name, bytes: Array(bytes))
    }
    return try ProviderPacks(files: files)
  }
}

/// Held while a directory is opened, so that two processes never found it at once.
struct FoundingLock {
  private let descriptor: Int32

  init(directory: String) throws {
    descriptor = Foundation.open(directory, O_RDONLY | O_DIRECTORY)
    guard descriptor >= 0 else { throw CommandFailure(.noInput, "\(directory) can't be opened") }
    flock(descriptor, LOCK_EX)
  }

  func release() { close(descriptor) }
}

/// A record for a trial where there is none yet: founded beside, and gone afterwards.
struct ScratchDirectory {
  let options: DataOptions
  private let path: String

  /// Nil where there is a record that can be read.
  init?(standingInFor options: DataOptions) async throws {
    guard try await options.address.state() == .empty else { return nil }
    path = NSTemporaryDirectory() + "/cordon-trial-\(UUID().uuidString)"
    var stand = options
    stand.store = "sqlite:" + path
    stand.data = nil
    self.options = stand
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
