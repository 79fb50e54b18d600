import Domain
import Storage
import TestPorts
import TransparencyLog

/// A random but repeatable history of events of every kind, with bodies that fail in between.
struct History {
  private let factory: EngineFactory
  private let seed: UInt64
  /// What to do next; apart from the record's own randomness.
  private let dice: SeededRandom

  private var agencies = [TestRecord.agency, TestRecord.otherAgency]
  private var users: [ID<User>] = []
  private var tokens: [ID<AccessToken>] = []
  private var sessions: [ID<Session>] = []
  private var providers = [TestRecord.provider]
  private var operations: [ID<Operation>] = []
  private var imports: [ID<Import>] = []
  private var items: [(id: ID<Item>, index: Int64, owner: ID<Agency>)] = []
  private var work: HistoryOfWork
  private var number: UInt64 = 5_000
  private var line: Int64 = 0

  init(_ factory: EngineFactory, seed: UInt64) {
    self.factory = factory
    self.seed = seed
    dice = SeededRandom(seed: seed &+ 1_000)
    work = HistoryOfWork(dice: SeededRandom(seed: seed &+ 2_000))
  }

  func run(writes: Int) async throws -> TestRecord {
    var history = self
    return try await history.play(writes)
  }

  private mutating func play(_ writes: Int) async throws -> TestRecord {
    var record = try await TestRecord(factory, seed: seed)
    for _ in 0..<writes {
      switch dice.below(12) {
      case 0: try await fail(record)
      case 1: try await erase(in: record)
      case 2: try await setPassword(in: record)
      case 3: record = try await record.reopened()
      default: try await keep(someEvents(), in: record)
      }
    }
    return record
  }

  private mutating func keep(_ events: [any Event], in record: TestRecord) async throws {
    let indexes = try await record.write(events)
    for (event, index) in zip(events, indexes) {
      if let report = event as? ItemReported { items.append((report.item, index, report.owner)) }
    }
  }

  private mutating func fail(_ record: TestRecord) async throws {
    let kept = self
    let events = someEvents()
    _ = try? await record.store.write(as: TestRecord.owner) { tx in
      for event in events { try tx.record(event) }
      throw BodyFault()
    }
    // What was not recorded was never there; the dice and numbers go on.
    let number = number
    self = kept
    self.number = number
  }

  private func erase(in record: TestRecord) async throws {
    guard !items.isEmpty else { return }
    let item = items[dice.below(items.count)]
    _ = try await record.store.write(as: TestRecord.owner) { tx in
      try tx.erase(item.id, basis: "retention", for: Viewer(user: TestRecord.owner, agency: item.owner))
    }
  }

  private func setPassword(in record: TestRecord) async throws {
    guard !users.isEmpty else { return }
    let user = users[dice.below(users.count)]
    let verifier = "verifier \(dice.next())"
    // Without a salt the commitment is SHA-256 of the payload.
    let digest = PayloadCommitment.commit(salt: [], payload: Array(verifier.utf8)).bytes
    try await record.store.write(as: TestRecord.owner) { tx in
      try tx.record(PasswordSet(user: user, verifierDigest: digest))
      try tx.keepPasswordVerifier(verifier, of: user)
    }
  }

  private mutating func someEvents() -> [any Event] { (0...dice.below(5)).flatMap { _ in someEvent() } }

  private mutating func fresh() -> Identifier {
    number += 1
    return TestRecord.id(number)
  }

  private func digest() -> [UInt8] { TestRecord.digest(number).bytes }

  private mutating func someEvent() -> [any Event] {
    switch dice.below(20) {
    case 0: return someoneNew()
    case 1: return someAccess()
    case 2:
      let provider = ID<Provider>(fresh())
      providers.append(provider)
      return [ProviderRegistered(provider: provider, pack: dice.below(2) == 0 ? nil : "pack", name: "p\(number)")]
    case 3: return someImport()
    case 4, 5:
      guard !items.isEmpty else { return [] }
      let item = items[dice.below(items.count)]
      return [
        ItemSighted(
          item: item.id, reportIndex: item.index, source: someSource(),
          reportedAs: dice.below(2) == 0 ? nil : Array("x\(number)".utf8), remarks: ReportRemarks())
      ]
    case 6..<12: return [someReport()]
    default:
      number += 1
      return work.someEvent(
        HistoryOfWork.Known(
          items: items, agencies: agencies, users: users, providers: providers, operations: operations,
          number: number))
    }
  }

  private mutating func someoneNew() -> [any Event] {
    switch dice.below(4) {
    case 0:
      let agency = ID<Agency>(fresh())
      agencies.append(agency)
      return [AgencyAdded(agency: agency, nameDigest: digest(), name: "a\(number)")]
    case 1:
      let operation = ID<Operation>(fresh())
      let agency = agencies[dice.below(agencies.count)]
      operations.append(operation)
      work.opened(operation, by: agency)
      return [OperationOpened(operation: operation, agency: agency, nameDigest: digest(), name: nil)]
    case 2 where !users.isEmpty:
      return [RolesChanged(user: users[dice.below(users.count)], roles: [Role.staff[dice.below(11)], .auditor])]
    default:
      let user = ID<User>(fresh())
      users.append(user)
      return [
        UserAdded(
          user: user, agency: agencies[dice.below(agencies.count)], nameDigest: digest(), roles: [.analyst],
          name: "u\(number)")
      ]
    }
  }

  private mutating func someAccess() -> [any Event] {
    guard !users.isEmpty else { return [] }
    let user = users[dice.below(users.count)]
    switch dice.below(5) {
    case 0 where !tokens.isEmpty: return [TokenRevoked(token: tokens[dice.below(tokens.count)])]
    case 1 where !sessions.isEmpty: return [SessionClosed(session: sessions[dice.below(sessions.count)])]
    case 2:
      let session = ID<Session>(fresh())
      sessions.append(session)
      return [
        SessionOpened(session: session, user: user, digest: digest(), expiresAt: Instant(microseconds: Int64(number)))
      ]
    case 3:
      return [
        RequestAnswered(
          request: fresh(), caller: user, keyDigest: digest(), bodyDigest: [1], status: 200, reply: "{\"é\":\"\\\"\"}")
      ]
    default:
      let token = ID<AccessToken>(fresh())
      tokens.append(token)
      return [
        TokenCreated(
          token: token, user: user, digest: digest(),
          expiresAt: dice.below(2) == 0 ? nil : Instant(microseconds: Int64(number)), label: "t\(number)")
      ]
    }
  }

  private mutating func someImport() -> [any Event] {
    if let last = imports.last, dice.below(2) == 0 { return [ImportFinished(importID: last, lines: line, rejected: 1)] }
    let opened = ID<Import>(fresh())
    imports.append(opened)
    line = 0
    return [
      ImportOpened(
        importID: opened, owner: agencies[dice.below(agencies.count)],
        operation: operations.isEmpty ? nil : operations[dice.below(operations.count)], format: "list",
        digest: digest(), fileName: "f\(number)")
    ]
  }

  private mutating func someSource() -> ReportSource? {
    guard let last = imports.last, dice.below(2) == 0 else { return nil }
    line += 1
    return ReportSource(importID: last, line: line)
  }

  private mutating func someReport() -> ItemReported {
    let item = ID<Item>(fresh())
    let source = someSource()
    return ItemReported(
      item: item, owner: agencies[dice.below(agencies.count)], provider: providers[dice.below(providers.count)],
      operation: operations.isEmpty ? nil : operations[dice.below(operations.count)],
      kind: ItemKind.allCases[dice.below(ItemKind.allCases.count)], handling: .h0,
      sharing: Sharing.allCases[dice.below(3)], digest: TestRecord.digest(number), source: source,
      locator: Array("https://x.example/\(number)/é".utf8), reportedAs: nil,
      remarks: ReportRemarks(note: dice.below(3) == 0 ? "note \(number)" : nil))
  }
}
