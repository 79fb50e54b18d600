public import Casework
import Crypto
import Dispatch
public import Domain
import Foundation
import Locators
public import SQLiteEngine
import Storage
public import TestPorts
import TransparencyLog

/// A founded installation in a temporary directory, on test ports; the directory goes with it.
public final class TestDesk: Sendable {
  public let directory: String
  public let engine: SQLiteFile
  public let desk: Desk
  public let clock = SteppingClock()
  public let blobs = MemoryBlobs()
  public let random: SeededRandom
  /// The installation's owner.
  public let owner: Caller

  public init(seed: UInt64 = 1, agencyName: String = "Unit") async throws {
    directory = FileManager.default.temporaryDirectory.path + "/cordon-casework-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    engine = try SQLiteFile(path: directory + "/record.db")
    random = SeededRandom(seed: seed)
    desk = Desk(
      store: try await Store(engine: engine, clock: clock, random: random),
      keys: InstallationKeys(
        digests: KeyedDigests(key: SymmetricKey(data: [UInt8](repeating: 7, count: 32))),
        journal: NoteSigner(name: "test.example/journal")),
      locators: Canonicalizer(packs: try ProviderPacks.shipped()), blobs: blobs, clock: clock, random: random)
    try await desk.foundInstallation(agencyName: agencyName)
    owner = try await desk.owner()
  }

  deinit {
    try? engine.close()
    try? FileManager.default.removeItem(atPath: directory)
  }

  public func size() async throws -> Int64 { try await desk.store.read { try $0.journalHead().size } }

  /// A user with these roles, as a program that shows their token.
  public func caller(_ roles: Set<Role>, name: String, agency: String? = nil) async throws -> Caller {
    _ = try await desk.addUser(name, roles: roles, agencyName: agency, password: nil, as: owner)
    let token = try await desk.createToken(for: name, label: nil, expiresAt: nil, as: owner)
    return try await desk.authenticate(token.secret)
  }

  /// What the record's own verification finds wrong, replay included.
  public func faults() async throws -> [String] {
    let scratch = try SQLiteFile(path: directory + "/scratch-\(UUID().uuidString).db", durability: .scratch)
    defer { try? scratch.close() }
    let report = try await Verification.run(
      on: engine, verifier: desk.keys.journal.verifier, outside: nil, scratch: scratch
    ) { _, _ in }
    return report.findings.map(\.description)
  }

  /// Returns once everything that was put into the lane before is done.
  public func waitForLane() async throws {
    try await desk.store.enqueue(as: owner.user.id, priority: .bulk) { _ in }.value()
  }

  /// Holds the lane, which must be idle, until the returned closure is called.
  public func holdLane() throws -> @Sendable () -> Void {
    try engine.blockingWrite { _ in }
    let gate = DispatchSemaphore(value: 0)
    engine.enqueueWrite { _ in gate.wait() }
    return { gate.signal() }
  }

  public func journal() async throws -> [any Event] {
    try await desk.store.read { try $0.journal(from: 0, limit: 100_000).map { try $0.recorded().event } }
  }
}
