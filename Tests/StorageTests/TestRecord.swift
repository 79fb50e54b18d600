import Dispatch
import Domain
import Storage
import TestPorts
import Testing
import TransparencyLog

/// A founded record with one agency, its owner and one provider, on test ports.
struct TestRecord: Sendable {
  let factory: EngineFactory
  let directory: TestDirectory
  let engine: any Engine
  let store: Store
  let clock: SteppingClock
  let random: SeededRandom
  let signer = NoteSigner(name: "test.example/journal")

  static let agency = ID<Agency>(Self.id(2))
  static let owner = ID<User>(Self.id(3))
  static let provider = ID<Provider>(Self.id(4))
  static let viewer = Viewer(user: owner, agency: agency)
  static let otherAgency = ID<Agency>(Self.id(5))
  static let otherViewer = Viewer(user: owner, agency: otherAgency)

  /// Founding, provider, second agency: what every record of these tests begins with.
  static let founding: [any Event] = [
    InstallationFounded(installation: ID(id(1)), agency: agency, owner: owner, agencyName: "Unit"),
    ProviderRegistered(provider: provider, pack: nil, name: "x.example"),
    AgencyAdded(agency: otherAgency, nameDigest: [5], name: "Other unit"),
  ]

  static func id(_ number: UInt64) -> Identifier {
    Identifier(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0000 + number)
  }

  init(_ factory: EngineFactory, seed: UInt64 = 1) async throws {
    let directory = try TestDirectory()
    let engine = try factory.open(directory.path, "record")
    try await self.init(factory, directory, engine, SteppingClock(), SeededRandom(seed: seed))
    try await write(Self.founding)
  }

  /// Whatever the engine's database holds already.
  init(
    _ factory: EngineFactory, _ directory: TestDirectory, _ engine: any Engine, _ clock: SteppingClock,
    _ random: SeededRandom
  ) async throws {
    self.factory = factory
    self.directory = directory
    self.engine = engine
    self.clock = clock
    self.random = random
    store = try await Store(engine: engine, clock: clock, random: random)
  }

  /// The same database opened again, as another process would.
  func reopened() async throws -> TestRecord {
    try await TestRecord(factory, directory, try factory.open(directory.path, "record"), clock, random)
  }

  @discardableResult
  func write(_ events: [any Event]) async throws -> [Int64] {
    try await store.write(as: Self.owner) { tx in try events.map { try tx.record($0) } }
  }

  func size() async throws -> Int64 { try await store.read { try $0.journalHead().size } }

  func verify(outside: SignedNote? = nil) async throws -> VerificationReport {
    let scratchDirectory = try TestDirectory()
    return try await Verification.run(
      on: engine, verifier: signer.verifier, outside: outside,
      scratch: try factory.open(scratchDirectory.path, "scratch")
    ) { [scratchDirectory] _, _ in _ = scratchDirectory }
  }

  func checkpoint() async throws -> SignedNote {
    let head = try await store.read { try $0.journalHead() }
    return try Checkpoint(origin: signer.name, size: UInt64(head.size), root: head.root).signed(by: signer)
  }

  /// Runs SQL behind the store's back.
  func tamper(_ sql: String) throws { try engine.blockingWrite { _ = try $0.execute(sql) } }

  /// Holds the lane until the returned closure is called, so that what is enqueued meanwhile is there at once.
  func holdLane() -> @Sendable () -> Void {
    let gate = DispatchSemaphore(value: 0)
    engine.enqueueWrite { _ in gate.wait() }
    return { gate.signal() }
  }

  /// The `number`th item; its locator is the number's, whoever owns it.
  static func report(
    _ number: UInt64, owner: ID<Agency> = agency, sharing: Sharing = .owner, locator: UInt64? = nil,
    source: ReportSource? = nil, operation: ID<Operation>? = nil
  ) -> ItemReported {
    ItemReported(
      item: ID(id(1_000_000 + number)), owner: owner, provider: provider, operation: operation, kind: .post,
      handling: .h1,
      sharing: sharing, digest: digest(locator ?? number), source: source,
      locator: Array("https://x.example/\(locator ?? number)".utf8), reportedAs: nil, remarks: ReportRemarks())
  }

  static func digest(_ number: UInt64) -> LocatorDigest {
    LocatorDigest(high: number &* 0x9E37_79B9_7F4A_7C15, low: number)
  }
}

extension VerificationReport {
  /// The findings as text, for a failing test to show.
  var told: [String] { findings.map(\.description) }
}

struct BodyFault: Error, Equatable {}
