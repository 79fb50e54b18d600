import Casework
import Domain
import Storage
import TestDesks
import TestPorts
import Testing

@Suite("Operations, outlets, cases") struct OperationTests {
  @Test("an operation is seen by those who take part, and steered by the agency that opened it")
  func operations() async throws {
    let test = try await TestDesk()
    let (own, other, third) = (try await test.unit(), try await test.unit("Other"), try await test.unit("Third"))
    let operation = try await test.desk.openOperation(" Harbour  Lights ", as: own.coordinator)
    await #expect(throws: Refusal.taken("the operation's name")) {
      try await test.desk.openOperation("harbour lights", as: own.analyst)
    }
    await #expect(throws: Refusal.notFound("such operation")) {
      try await test.desk.board(of: operation, as: other.coordinator)
    }
    await #expect(throws: Refusal.notFound("such agency")) {
      try await test.desk.join("Nobody", to: operation, as: own.coordinator)
    }
    await #expect(throws: Refusal.notFound("such operation")) {
      try await test.desk.join("Other", to: operation, as: other.coordinator)
    }
    try await test.desk.join("other", to: operation, as: own.coordinator)
    let size = try await test.size()
    try await test.desk.join("Other", to: operation, as: own.coordinator)
    try await test.desk.join("Other", to: operation, as: own.coordinator)
    #expect(try await test.size() == size)
    #expect(try await test.desk.board(of: operation, as: other.coordinator).participants.count == 2)
    let later = test.clock.now().adding(seconds: 60)
    for attempt in [
      { try await test.desk.setHHour(later, of: operation, as: other.coordinator) },
      { try await test.desk.join("Third", to: operation, as: other.coordinator) },
    ] as [() async throws -> Void] {
      await #expect(throws: Refusal.notNow("the agency that opened the operation steers it")) { try await attempt() }
    }
    await #expect(throws: Refusal.notPermitted(.manageOperations)) {
      try await test.desk.setHHour(later, of: operation, as: own.analyst)
    }
    let past = test.clock.now().adding(seconds: -60)
    await #expect(throws: Refusal.self) { try await test.desk.setHHour(past, of: operation, as: own.coordinator) }
    try await test.desk.setHHour(later, of: operation, as: own.coordinator)
    #expect(try await test.desk.operations(as: other.analyst).map(\.hHour) == [later])
    #expect(try await test.desk.operations(as: third.analyst).isEmpty)
    #expect(try await test.faults() == [])
  }

  @Test("who takes part sees and works on what is shared with the operation; nobody else, in nothing that is read")
  func participants() async throws {
    let test = try await TestDesk()
    let (own, other, third) = (try await test.unit(), try await test.unit("Other"), try await test.unit("Third"))
    let operation = try await test.desk.openOperation("Lights", as: own.coordinator)
    try await test.desk.join("Other", to: operation, as: own.coordinator)
    let shared = try await test.report(
      ["https://chorus.example/choir/1"], operation: "Lights", sharing: .operation, as: own.analyst)
    let kept = try await test.report(["https://chorus.example/choir/2"], operation: "Lights", as: own.analyst)
    let loose = try await test.report(["https://chorus.example/choir/3"], sharing: .operation, as: own.analyst)
    func visible(_ unit: TestUnit) async throws -> [ID<Item>] {
      try await test.desk.items(Page(), as: unit.analyst).map(\.id)
    }
    #expect(try await visible(own) == shared + kept + loose)
    #expect(try await visible(other) == shared)
    #expect(try await visible(third) == [])
    #expect(try await test.desk.board(of: operation, as: own.coordinator).total[.reported] == 2)
    #expect(try await test.desk.board(of: operation, as: other.coordinator).total[.reported] == 1)
    #expect(
      try await test.desk.entries(behind: .reported, of: operation, provider: nil, Page(), as: other.analyst).count == 1
    )
    #expect(try await test.desk.queue(.assess, operation: operation, Page(), as: other.analyst).map(\.id) == shared)
    #expect(try await test.desk.queue(.assess, operation: nil, Page(), as: third.analyst).isEmpty)
    #expect(try await test.desk.workItems(shared + kept, as: other.analyst).map(\.id) == shared)
    #expect(try await test.desk.dossier(shared[0], as: other.analyst).operation?.id == operation)
    for item in shared + kept {
      await #expect(throws: Refusal.notFound("such item")) { try await test.desk.dossier(item, as: third.analyst) }
      #expect(
        try await test.desk.assess([.referable(item)], as: third.analyst) == [.refused(.notFound("such item"))])
    }
    for attempt in [
      { _ = try await test.desk.board(of: operation, as: third.coordinator) },
      { _ = try await test.desk.scorecards(of: operation, as: third.coordinator) },
      {
        _ = try await test.desk.entries(
          behind: .reported, of: operation, provider: nil, Page(), as: third.coordinator)
      },
    ] as [() async throws -> Void] {
      await #expect(throws: Refusal.notFound("such operation")) { try await attempt() }
    }
    try await test.assess(shared, by: own)
    try await test.confirm(shared, by: other)
    #expect(try await test.work(shared[0]).confirmedAssessment != nil)
    #expect(try await test.faults() == [])
  }

  @Test("an outlet is watched once by an agency, for a year, and its days are its agency's to record")
  func outlets() async throws {
    let test = try await TestDesk()
    let (own, other) = (try await test.unit(), try await test.unit("Other"))
    let operation = try await test.desk.openOperation("Lights", as: own.coordinator)
    let outlet = try await test.desk.registerOutlet("The Beacon", operation: operation, as: own.analyst)
    await #expect(throws: Refusal.taken("the outlet's name")) {
      try await test.desk.registerOutlet("the  beacon", operation: nil, as: own.analyst)
    }
    _ = try await test.desk.registerOutlet("The Beacon", operation: nil, as: other.analyst)
    await #expect(throws: Refusal.notFound("such operation")) {
      try await test.desk.registerOutlet("The Lamp", operation: operation, as: other.analyst)
    }
    let day = Instant(microseconds: 1_795_478_400_000_000)
    func seen(_ posts: Int64) -> OutletDay { OutletDay(day: day, posts: posts, accounts: 2, reach: 3) }
    await #expect(throws: Refusal.notFound("such outlet")) {
      try await test.desk.observe([(outlet, seen(1))], as: other.analyst)
    }
    try await test.desk.observe([(outlet, seen(1)), (outlet, seen(9))], as: own.analyst)
    let watched = try #require(try await test.desk.outlets(as: own.coordinator).first)
    #expect(watched.outlet.name == "The Beacon" && watched.outlet.operation == operation)
    #expect(watched.days == [seen(9)])
    #expect(watched.outlet.reviewAt > test.clock.now().adding(seconds: 364 * 86_400))
    #expect(try await test.desk.outlets(as: other.analyst).map(\.days) == [[]])
    #expect(try await test.faults() == [])
  }

  @Test("case files are the agency's own, with a reference once, led by one of its prosecutors, facts in the past")
  func cases() async throws {
    let test = try await TestDesk()
    let (own, other) = (try await test.unit(), try await test.unit("Other"))
    let operation = try await test.desk.openOperation("Lights", as: own.coordinator)
    try await test.desk.join("Other", to: operation, as: own.coordinator)
    let file = try await test.desk.openCase(
      reference: "12 Js 3/26", operation: operation, prosecutor: "OWN prosecutor", as: own.prosecutor)
    await #expect(throws: Refusal.taken("the case's reference")) {
      try await test.desk.openCase(reference: "12 JS 3/26", operation: nil, prosecutor: nil, as: own.coordinator)
    }
    for name in ["own analyst", "Other prosecutor", "nobody"] {
      await #expect(throws: Refusal.notFound("prosecutor of this name in your agency")) {
        try await test.desk.openCase(reference: "13", operation: nil, prosecutor: name, as: own.prosecutor)
      }
    }
    // Taking part in the operation opens no file of another agency.
    #expect(try await test.desk.cases(as: other.prosecutor).isEmpty)
    let now = test.clock.now()
    await #expect(throws: Refusal.notFound("such case")) {
      try await test.desk.recordFact(.arrest, at: now, note: nil, in: file, as: other.prosecutor)
    }
    await #expect(throws: Refusal.self) {
      try await test.desk.recordFact(
        .arrest, at: now.adding(seconds: 60), note: nil, in: file, as: own.prosecutor)
    }
    try await test.desk.recordFact(.preservationRequest, at: now, note: "sent", in: file, as: own.prosecutor)
    try await test.desk.recordFact(.arrest, at: now, note: nil, in: file, as: own.coordinator)
    let read = try #require(try await test.desk.cases(as: own.prosecutor).first)
    #expect(read.file.reference == "12 Js 3/26" && read.file.prosecutor == own.prosecutor.user.id)
    #expect(read.facts.map(\.kind) == [.preservationRequest, .arrest] && read.facts.map(\.note) == ["sent", nil])
    await #expect(throws: Refusal.notPermitted(.openCases)) { try await test.desk.cases(as: own.analyst) }
    #expect(try await test.faults() == [])
  }
}
