import API
import Casework
import Crypto
import Domain
import Exercise
import Foundation
import Gateways
import Glibc
import Locators
import Logging
import Storage
import Workers

/// The installation of an exercise: its directory, its record on virtual time, and the progress beside it.
struct ExerciseHouse {
  let directory: String
  let engine: any Engine
  let desk: Desk
  /// The same record for people who watch.
  let spectators: Desk
  let clock: VirtualClock
  let random: StepRandom
  let chance: Chance
  let packs: ProviderPacks
  private(set) var progress: ExerciseProgress

  static func progressPath(in directory: String) -> String { directory + "/exercise.json" }

  /// Whether a directory's record is an exercise's: nothing of it may leave the machine.
  static func isExercise(_ directory: String) -> Bool {
    FileManager.default.fileExists(atPath: progressPath(in: directory))
  }

  /// Opens the exercise of a store, or begins it where the store is empty.
  static func open(_ address: StoreAddress, items: Int64, seed: String) async throws -> ExerciseHouse {
    let directory = address.directory
    try address.requireNoBackup()
    try address.makeDirectory()
    let lock = try FoundingLock(directory: directory)
    defer { lock.release() }
    var progress: ExerciseProgress
    if let begun = try readProgress(directory) {
      progress = begun
    } else {
      progress = try await begin(address, items: items, seed: seed)
    }
    guard progress.items == items, progress.seed == seed else {
      throw ExerciseFault.other(items: progress.items, seed: progress.seed)
    }
    try hold(directory)
    progress.run += 1
    try keep(progress, in: directory)
    let engine = try address.openEngine()
    do { return try await assemble(address, on: engine, progress) } catch {
      try? engine.close()
      throw error
    }
  }

  /// Keeps other exercises out of the directory until this process ends, however it ends.
  private static func hold(_ directory: String) throws {
    let path = directory + "/exercise.lock"
    let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CommandFailure(.cannotCreate, "\(path) can't be created") }
    var whole = Glibc.flock()
    whole.l_type = Int16(F_WRLCK)
    whole.l_whence = Int16(SEEK_SET)
    guard fcntl(descriptor, F_SETLK, &whole) == 0 else {
      throw CommandFailure(.unavailable, "another exercise runs in \(directory): wait for its end, or stop it")
    }
  }

  private static func readProgress(_ directory: String) throws -> ExerciseProgress? {
    try FileManager.default.contents(atPath: progressPath(in: directory)).map {
      try ExerciseProgress(parsing: Array($0))
    }
  }

  private static func begin(_ address: StoreAddress, items: Int64, seed: String) async throws -> ExerciseProgress {
    // A file is not opened to see what it is: that would write beside it.
    let isFree = address.isServer ? try await address.state() == .empty : address.isMissing
    guard isFree, !FoundingKeys.areThere(in: address.directory) else {
      throw CommandFailure(
        .usage, "\(address) holds a record that is no exercise: take a store of its own for the exercise")
    }
    return ExerciseProgress(items: items, seed: seed)
  }

  private static func assemble(
    _ address: StoreAddress, on engine: any Engine, _ progress: ExerciseProgress
  ) async throws -> ExerciseHouse {
    let directory = address.directory
    let chance = Chance(seed: progress.seed)
    let clock = VirtualClock(at: progress.done ?? Timeline.start, machine: SystemClock())
    let random = StepRandom(chance: chance, run: progress.run)
    let keyFiles = KeyFiles(directory: directory + "/keys")
    if !FileManager.default.fileExists(atPath: keyFiles.verifierPath) {
      // The locator key is the seed's, so that the same addresses have the same digests in every run.
      try keyFiles.create(random: SystemRandom(), locatorKey: SymmetricKey(data: chance.secret("locator key")))
    }
    let store = try await Store(engine: engine, clock: clock, random: random)
    let packs = try ProviderPacks.shipped()
    let keys = try keyFiles.load()
    let locators = Canonicalizer(packs: packs)
    let blobs = BlobFolder(directory: directory + "/blobs")
    let desk = Desk(store: store, keys: keys, locators: locators, blobs: blobs, clock: clock, random: random)
    try await desk.foundInstallation(agencyName: "Coordinating Agency")
    try await desk.requireOwnKeys()
    return ExerciseHouse(
      directory: directory, engine: engine, desk: desk,
      spectators: Desk(
        store: store, keys: keys, locators: locators, blobs: blobs,
        clock: SpectatorClock(virtual: clock, machine: SystemClock()), random: SystemRandom(),
        // A year of virtual time passes in a minute: whoever watches stays signed in.
        sessionSeconds: 400 * 86_400),
      clock: clock, random: random, chance: chance, packs: packs, progress: progress)
  }

  static func keep(_ progress: ExerciseProgress, in directory: String) throws {
    // Written aside and renamed: a kill leaves the old one or the new one.
    try Data(progress.json).write(to: URL(fileURLWithPath: progressPath(in: directory)), options: .atomic)
  }

  /// What the range's hosts are: the only ones that an exercise reaches.
  func policy(for range: RangeProcess) throws -> LookPolicy {
    try RangeAddress.policy(String(range.address.dropFirst("http://".count)), packs: packs)
  }

  /// Where the range's providers take referrals; mail and portals stand in by their API.
  func routes(webhookSecret: [UInt8]) -> DispatchRoutes {
    var routes: [String: DispatchRoute] = [:]
    for name in RangeAddress.packs {
      guard let pack = packs.pack(named: name), let host = pack.hosts.first else { continue }
      let intake = pack.referrals
      switch intake.channel {
      case .webhook:
        routes[name] = DispatchRoute(
          channel: .webhook, url: intake.address ?? "", authentication: .webhook(key: webhookSecret),
          batch: intake.batch)
      case .api:
        routes[name] = DispatchRoute(
          channel: .api, url: intake.address ?? "", authentication: .none, batch: intake.batch)
      case .mail, .portal, .unknown:
        routes[name] = DispatchRoute(
          channel: .api, url: "https://\(host.host)/api/referrals", authentication: .none, batch: intake.batch)
      }
    }
    return DispatchRoutes(routes)
  }
}
