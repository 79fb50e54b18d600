import Domain
import Storage
import TestPorts
import Testing

@Suite("Conformance: leases") struct LeaseConformance {
  private static let lanes = ["deadlines", "dispatch/a", "dispatch/b"]

  /// Two processes on one database; their clock is the same.
  private struct Pair {
    let first: TestRecord
    let second: TestRecord
    let now: Instant
    let one = TestRecord.id(501)
    let two = TestRecord.id(502)

    init(_ factory: EngineFactory) async throws {
      first = try await TestRecord(factory)
      second = try await first.reopened()
      now = first.clock.now()
    }

    func take(_ names: [String], by holder: Identifier, on record: TestRecord, after seconds: Int64 = 0) async throws
      -> [Lease]
    {
      let at = now.adding(seconds: seconds)
      return try await record.store.takeLeases(
        names, known: Set(try await record.store.lanes(names).keys), for: holder, at: at, until: at.adding(seconds: 30))
    }

    func record(_ number: UInt64, under lease: Lease, on record: TestRecord) async throws {
      try await record.store.write(as: TestRecord.owner) { tx in
        try tx.require(lease)
        try tx.record(TestRecord.report(number))
      }
    }
  }

  @Test(
    "a lane that somebody has is taken by nobody else until it runs out; each taking raises the fence",
    arguments: EngineFactory.all)
  func taking(factory: EngineFactory) async throws {
    let pair = try await Pair(factory)
    let taken = try await pair.take(Self.lanes, by: pair.one, on: pair.first)
    #expect(taken.map(\.name).sorted() == Self.lanes && taken.map(\.fence) == [1, 1, 1])
    #expect(try await pair.take(Self.lanes, by: pair.two, on: pair.second, after: 29).isEmpty)
    let later = try await pair.take(["dispatch/a"], by: pair.two, on: pair.second, after: 30)
    #expect(later.map(\.fence) == [2] && later.map(\.holder) == [pair.two])
    // Who has it already keeps the fence.
    let again = try await pair.take(["dispatch/a"], by: pair.two, on: pair.second, after: 31)
    #expect(again == later)
  }

  @Test("many who ask at once get each lane once", arguments: EngineFactory.all)
  func race(factory: EngineFactory) async throws {
    let pair = try await Pair(factory)
    let names = (0..<40).map { "dispatch/\($0)" }
    let taken = try await withThrowingTaskGroup(of: [Lease].self) { group in
      for number in 0..<8 {
        let record = number.isMultiple(of: 2) ? pair.first : pair.second
        group.addTask { try await pair.take(names, by: TestRecord.id(600 + UInt64(number)), on: record) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(taken.map(\.name).sorted() == names.sorted())
  }

  @Test("an effect is recorded under a lease in force, and under no other", arguments: EngineFactory.all)
  func fence(factory: EngineFactory) async throws {
    let pair = try await Pair(factory)
    let lease = try #require(try await pair.take(["dispatch/a"], by: pair.one, on: pair.first).first)
    try await pair.record(1, under: lease, on: pair.first)
    let size = try await pair.first.size()
    // Run out, and nobody has taken it yet.
    pair.first.clock.set(to: pair.now.adding(seconds: 31))
    await #expect(throws: LeaseLost(name: "dispatch/a")) { try await pair.record(2, under: lease, on: pair.first) }
    // Taken by another, whose own lease counts.
    let other = try #require(try await pair.take(["dispatch/a"], by: pair.two, on: pair.second, after: 31).first)
    await #expect(throws: LeaseLost(name: "dispatch/a")) { try await pair.record(3, under: lease, on: pair.first) }
    try await pair.record(4, under: other, on: pair.second)
    // Taken back by the first: the old fence is still no good.
    try await pair.second.store.handBackLeases(["dispatch/a"], of: pair.two)
    let back = try #require(try await pair.take(["dispatch/a"], by: pair.one, on: pair.first, after: 32).first)
    #expect(back.fence == 3)
    await #expect(throws: LeaseLost(name: "dispatch/a")) { try await pair.record(5, under: lease, on: pair.first) }
    #expect(try await pair.first.size() == size + 1)
    #expect(try await pair.first.verify().told == [])
  }

  @Test("a lost lease undoes its body alone; others of the commit are kept", arguments: EngineFactory.all)
  func undone(factory: EngineFactory) async throws {
    let pair = try await Pair(factory)
    let stale = Lease(name: "dispatch/a", holder: pair.one, fence: 7, failures: 0)
    let release = pair.first.holdLane()
    let lost = pair.first.store.enqueue(as: TestRecord.owner, priority: .person) { tx in
      try tx.record(TestRecord.report(1))
      try tx.require(stale)
    }
    let kept = pair.first.store.enqueue(as: TestRecord.owner, priority: .person) { try $0.record(TestRecord.report(2)) }
    release()
    await #expect(throws: LeaseLost.self) { try await lost.value() }
    #expect(try await kept.value() == 3)
    #expect(try await pair.first.verify().told == [])
  }

  @Test("renewing keeps what is in force, and tells of what was lost", arguments: EngineFactory.all)
  func renewing(factory: EngineFactory) async throws {
    let pair = try await Pair(factory)
    _ = try await pair.take(Self.lanes, by: pair.one, on: pair.first)
    let soon = pair.now.adding(seconds: 20)
    let kept = try await pair.first.store.renewLeases(
      ["deadlines", "dispatch/a"], of: pair.one, at: soon, until: soon.adding(seconds: 30))
    #expect(kept == ["deadlines", "dispatch/a"])
    #expect(try await pair.take(Self.lanes, by: pair.two, on: pair.second, after: 45).map(\.name) == ["dispatch/b"])
    let late = pair.now.adding(seconds: 46)
    let left = try await pair.first.store.renewLeases(
      Self.lanes, of: pair.one, at: late, until: late.adding(seconds: 30))
    #expect(left == ["deadlines", "dispatch/a"])
    let gone = pair.now.adding(seconds: 500)
    #expect(
      try await pair.first.store.renewLeases(Self.lanes, of: pair.one, at: gone, until: gone.adding(seconds: 30)) == [])
  }

  @Test("handed back, a lane is free at once; postponed, not before its instant", arguments: EngineFactory.all)
  func handingBack(factory: EngineFactory) async throws {
    let pair = try await Pair(factory)
    _ = try await pair.take(Self.lanes, by: pair.one, on: pair.first)
    try await pair.first.store.handBackLeases(["deadlines"], of: pair.one)
    // Nobody gives back what is another's.
    try await pair.second.store.handBackLeases(["dispatch/a"], of: pair.two)
    let lease = try #require(try await pair.take(Self.lanes, by: pair.two, on: pair.second).first)
    #expect(lease.name == "deadlines")
    let retry = pair.now.adding(seconds: 100)
    try await pair.second.store.postpone(lease, failures: 3, until: retry)
    #expect(try await pair.first.store.nextTry(in: "dead", after: pair.now) == retry)
    #expect(try await pair.take(["deadlines"], by: pair.one, on: pair.first, after: 99).isEmpty)
    let again = try #require(try await pair.take(["deadlines"], by: pair.one, on: pair.first, after: 100).first)
    #expect(again.failures == 3)
    try await pair.first.store.forgetFailures(of: again)
    // A lease of before postpones nothing.
    try await pair.second.store.postpone(lease, failures: 9, until: pair.now.adding(seconds: 9_000))
    #expect(try await pair.take(["deadlines"], by: pair.two, on: pair.second, after: 130).first?.failures == 0)
  }

  @Test("processes that take part are counted until they stop renewing it", arguments: EngineFactory.all)
  func members(factory: EngineFactory) async throws {
    let pair = try await Pair(factory)
    for (holder, record) in [(pair.one, pair.first), (pair.two, pair.second)] {
      _ = try await record.store.join("looks", as: holder, at: pair.now, until: pair.now.adding(seconds: 30))
    }
    #expect(try await pair.first.store.members(of: "looks", at: pair.now) == 2)
    #expect(try await pair.first.store.members(of: "dispatch", at: pair.now) == 0)
    #expect(try await pair.first.store.members(of: "looks", at: pair.now.adding(seconds: 30)) == 0)
  }

  @Test("a commit wakes who listens, several as one; a commit of nothing does not", arguments: EngineFactory.all)
  func commits(factory: EngineFactory) async throws {
    let record = try await TestRecord(factory)
    var woken = record.store.commits().makeAsyncIterator()
    try await record.store.write(as: TestRecord.owner) { _ in }
    for number in 1...3 { try await record.write([TestRecord.report(UInt64(number))]) }
    #expect(await woken.next() != nil)
    try record.engine.close()
    // What was left is one ring at most, and then the end.
    var rest = 0
    while await woken.next() != nil { rest += 1 }
    #expect(rest <= 1)
  }
}
