import ArgumentParser
import Casework
import Domain
import Foundation
import Locators
import SQLiteEngine
import Storage

/// Where the record lies.
struct DataOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("The directory of the record; CORDON_DATA when it is not given.", valueName: "dir"))
  var data: String?

  var directory: String {
    get throws {
      let named = data ?? ProcessInfo.processInfo.environment["CORDON_DATA"]
      guard let named, !named.isEmpty else {
        throw CommandFailure(.usage, "say where the record is: --data DIR, or CORDON_DATA in the environment")
      }
      return named.count > 1 && named.hasSuffix("/") ? String(named.dropLast()) : named
    }
  }
}

/// An installation's directory: `cordon.db`, `keys/`, and the unit's own provider packs in `packs/`.
struct Installation {
  let directory: String
  let engine: SQLiteFile
  let desk: Desk

  var databasePath: String { Self.databasePath(in: directory) }

  static func databasePath(in directory: String) -> String { directory + "/cordon.db" }

  /// Opens the record of a directory that has one.
  static func open(_ options: DataOptions) async throws -> Installation {
    let directory = try options.directory
    guard FileManager.default.fileExists(atPath: databasePath(in: directory)) else {
      throw CommandFailure(
        .noInput, "there is no record in \(directory): `cordon import --data \(directory) FILE` makes one")
    }
    return try await assemble(directory)
  }

  /// Opens the record of a directory, founding it where there is none.
  static func openOrFound(_ options: DataOptions) async throws -> Installation {
    let directory = try options.directory
    umask(0o077)
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure(.cannotCreate, "\(directory) can't be created: \(error.localizedDescription)")
    }
    return try await assemble(directory)
  }

  /// The installation and whoever acts: the holder of CORDON_TOKEN, otherwise the owner of the file.
  static func openAsCaller(_ options: DataOptions, founding: Bool = false) async throws -> (Installation, Caller) {
    let installation = founding ? try await openOrFound(options) : try await open(options)
    let token = ProcessInfo.processInfo.environment["CORDON_TOKEN"]
    if let token, !token.isEmpty { return (installation, try await installation.desk.authenticate(token)) }
    return (installation, try await installation.desk.owner())
  }

  private static func assemble(_ directory: String) async throws -> Installation {
    let lock = try FoundingLock(directory: directory)
    defer { lock.release() }
    let random = SystemRandom()
    let keyFiles = try prepareKeys(in: directory, random: random)
    let keys = try keyFiles.load()
    let engine = try SQLiteFile(path: databasePath(in: directory))
    let store = try await Store(engine: engine, clock: SystemClock(), random: random)
    let desk = Desk(
      store: store, keys: keys, locators: Canonicalizer(packs: try Packs.load(directory: directory)),
      blobs: BlobFolder(directory: directory + "/blobs"),
      clock: SystemClock(), random: random)
    if keyFiles.areNew {
      try await desk.foundInstallation(
        agencyName: ProcessInfo.processInfo.environment["CORDON_AGENCY"] ?? "This unit")
      try finishKeys(keyFiles, in: directory)
    } else if try await store.read({ try $0.owner() }) == nil {
      throw missingRecord(directory)
    }
    return Installation(directory: directory, engine: engine, desk: desk)
  }

  /// Keys are made in `keys.new` and renamed once the record stands, so that a kill in between is taken up again.
  private static func prepareKeys(in directory: String, random: SystemRandom) throws -> KeyFiles {
    let files = FileManager.default
    let size = try? files.attributesOfItem(atPath: databasePath(in: directory))[.size] as? Int
    let hasRecord = (size ?? 0) > 0
    let keys = KeyFiles(directory: directory + "/keys")
    if files.fileExists(atPath: keys.directory) {
      guard hasRecord else { throw missingRecord(directory) }
      return keys
    }
    let fresh = KeyFiles(directory: directory + "/keys.new", areNew: true)
    if !files.fileExists(atPath: fresh.verifierPath) {
      guard !hasRecord else {
        throw CommandFailure(
          .configuration, "\(keys.directory) is missing: restore it from a backup; without it nothing can be added")
      }
      try fresh.create(random: random)
    }
    return fresh
  }

  private static func missingRecord(_ directory: String) -> CommandFailure {
    CommandFailure(
      .configuration,
      "\(directory) has keys but cordon.db is missing or empty: restore it, or move \(directory)/keys away to "
        + "begin a new record")
  }

  private static func finishKeys(_ keys: KeyFiles, in directory: String) throws {
    try FileManager.default.moveItem(atPath: keys.directory, toPath: directory + "/keys")
  }
}

/// The shipped provider packs and the unit's own.
enum Packs {
  /// The unit's own packs lie in `packs/` of the data directory and replace shipped ones of the same name.
  static func load(directory: String?) throws -> ProviderPacks {
    guard let folder = directory.map({ $0 + "/packs" }) else { return try ProviderPacks.shipped() }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
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
  init?(standingInFor options: DataOptions) throws {
    let directory = try options.directory
    guard !FileManager.default.fileExists(atPath: Installation.databasePath(in: directory)) else { return nil }
    path = NSTemporaryDirectory() + "/cordon-trial-\(UUID().uuidString)"
    var stand = options
    stand.data = path
    self.options = stand
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
