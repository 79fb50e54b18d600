import Casework
import Domain
import Storage
import TestDesks
import TestPorts
import Testing
import TransparencyLog

/// The figures of an operation, counted from the journal's events as `docs/figures.md` says.
private struct FigureFold {
  private struct ItemFold {
    var provider: ID<Provider>
    var entries: [Figure: Int64] = [:]
    var decision: Assessment.Decision?
    var referral: ID<Referral>?
    var isGone = false
    var isWatched = false
  }

  private let operation: ID<Operation>
  private var items: [ID<Item>: ItemFold] = [:]
  private var firsts: [Int64: ID<Item>] = [:]
  private(set) var reports: Int64 = 0
  private(set) var looks: Int64 = 0

  init(_ events: [RecordedEvent], operation: ID<Operation>) {
    self.operation = operation
    for recorded in events { add(recorded.event, at: recorded.header.index) }
  }

  func entries(behind figure: Figure, provider: ID<Provider>? = nil) -> [Int64] {
    items.values.filter { provider == nil || $0.provider == provider }.compactMap { $0.entries[figure] }.sorted()
  }

  private mutating func add(_ event: any Event, at index: Int64) {
    switch event {
    case let event as ItemReported where event.operation == operation:
      items[event.item] = ItemFold(provider: event.provider, entries: [.reported: index])
      firsts[index] = event.item
      reports += 1
    case let event as LooksMade where !event.isByHand:
      for first in event.items where firsts[first].map({ items[$0]?.isWatched == true }) == true { looks += 1 }
    default:
      if let related = event as? ItemRelated { items[related.original]?.entries[.returned] = index }
      let id = ID<Item>(event.subject)
      guard var item = items[id] else { return }
      if event is ItemSighted { reports += 1 }
      decide(event, index, &item)
      follow(event, index, &item)
      items[id] = item
    }
  }

  private func decide(_ event: any Event, _ index: Int64, _ item: inout ItemFold) {
    switch event {
    case let event as ItemAssessed:
      item.decision = event.decision
      item.entries[.assessed] = index
      item.entries[.confirmed] = nil
      item.entries[.rejected] = nil
    case is AssessmentConfirmed:
      item.entries[.confirmed] = index
      if item.decision == .reject { item.entries[.rejected] = index }
    case is ItemDeconflicted: item.entries[.cleared] = nil
    case is ItemHeld: item.entries[.held] = index
    case is ItemCleared: item.entries[.cleared] = index
    default: break
    }
  }

  private func follow(_ event: any Event, _ index: Int64, _ item: inout ItemFold) {
    switch event {
    case let event as ItemReferred:
      item.referral = event.referral
      item.entries[.referred] = index
      item.entries[.refused] = nil
      item.entries[.claimedGone] = nil
    case is DispatchDelivered:
      item.entries[.delivered] = index
      item.isWatched = true
    case let event as ReferralAnswered:
      item.entries[.answered] = index
      guard event.referral == item.referral else { return }
      item.entries[.refused] = event.outcome == .refused ? index : nil
      item.entries[.claimedGone] = event.outcome.claimsGone ? index : nil
    case is ReferralRetracted: item.entries[.retracted] = index
    case let event as ItemSeen:
      if event.verdict.isGone, !item.isGone { item.entries[.seenGone] = index }
      item.isGone = event.verdict.isGone || (item.isGone && !event.verdict.isThere)
    case is ClaimContradicted: item.entries[.contradicted] = index
    case is ItemReappeared: item.entries[.reappeared] = index
    case is ItemRelated: item.entries[.copies] = index
    default: break
    }
  }
}

@Suite("Figures") struct FiguresTests {
  /// Two agencies in one operation, who do whatever comes to hand.
  private struct Play {
    let test: TestDesk
    let units: [TestUnit]
    let desks: [Caller]
    let operation: ID<Operation>
    let dice: SeededRandom
    var items: [ID<Item>] = []
    var interests: [ID<Interest>] = []

    init(seed: UInt64) async throws {
      test = try await TestDesk(seed: seed)
      units = [try await test.unit(), try await test.unit("Other")]
      desks = [try await test.providerDesk("chorus"), try await test.providerDesk("depot")]
      operation = try await test.desk.openOperation("Lights", as: units[0].coordinator)
      try await test.desk.join("other", to: operation, as: units[0].coordinator)
      dice = SeededRandom(seed: seed &+ 77)
    }

    private func address() -> String {
      let host = ["chorus.example/choir", "depot.example/f", "x.example"][dice.below(3)]
      return "https://\(host)/\(dice.below(12))"
    }

    private func some() -> [ID<Item>] {
      Array(Set((0...dice.below(6)).compactMap { _ in items.isEmpty ? nil : items[dice.below(items.count)] })).sorted()
    }

    mutating func step() async throws {
      let (desk, unit) = (test.desk, units[dice.below(2)])
      let chosen = some()
      switch dice.below(16) {
      case 0, 1:
        let new = try await test.report(
          [address(), address()], operation: "lights", sharing: .operation, as: unit.analyst)
        items = Array(Set(items + new)).sorted()
      case 2: test.clock.move(bySeconds: Int64(dice.below(400_000)))
      case 3:
        let until = test.clock.now().adding(seconds: Int64(1 + dice.below(500_000)))
        interests.append(try await desk.registerInterest(in: address(), until: until, note: nil, as: unit.officer))
      case 4:
        guard let interest = interests.last else { return }
        try? await desk.withdrawInterest(interest, as: unit.officer)
      case 5: _ = try await desk.liftExpiredHolds(as: test.owner)
      case 6: try await test.deliver()
      case 7: try await test.look(Verdict.allCases[dice.below(7)], title: dice.below(2) == 0 ? "a" : "b")
      case 8: try await answer()
      default: if !chosen.isEmpty { try await work(on: chosen, unit) }
      }
    }

    private func answer() async throws {
      for item in some() {
        guard let referral = try await test.work(item).referral else { continue }
        let outcome = ProviderOutcome.allCases[dice.below(ProviderOutcome.allCases.count)]
        for desk in desks { _ = try await test.answer(referral.id, outcome, as: desk) }
      }
    }

    private func work(on chosen: [ID<Item>], _ unit: TestUnit) async throws {
      let desk = test.desk
      var works: [WorkItem] = []
      for item in chosen { works.append(try await test.work(item)) }
      switch dice.below(8) {
      case 0, 1:
        let isReferable = dice.below(5) > 0
        _ = try await desk.assess(
          works.map {
            AssessmentDraft(
              item: $0.id, decision: isReferable ? .refer : .reject, categories: [.threat],
              exemptions: .noneApplies, reasons: nil, replaces: $0.assessment?.index)
          }, as: unit.analyst)
      case 2, 3:
        let agrees = dice.below(6) > 0
        _ = try await desk.confirm(
          works.map {
            ConfirmationDraft(item: $0.id, assessment: $0.assessment?.index ?? -1, agrees: agrees, reason: "why")
          }, as: unit.reviewer)
      case 4: _ = try await desk.deconflictAndClear(chosen, as: unit.officer)
      case 5:
        _ = try await desk.overrideHolds(
          works.map { OverrideDraft(item: $0.id, hold: $0.holdIndex ?? -1, reason: "why") }, as: unit.prosecutor)
        _ = try await desk.clear(chosen, as: unit.officer)
      case 6: _ = try await desk.refer(chosen.map { ReferralDraft(item: $0) }, as: unit.coordinator)
      default:
        guard dice.below(3) == 0 else {
          _ = try await desk.refer(chosen.map { ReferralDraft(item: $0) }, as: unit.coordinator)
          return
        }
        _ = try await desk.retract(chosen.map { RetractionDraft(item: $0, reason: "why") }, as: unit.coordinator)
        _ = try await desk.relate(
          chosen.map { RelationDraft(item: $0, relation: .copy, original: items[0]) }, as: unit.analyst)
      }
    }
  }

  @Test("whatever was done, each figure and the entries behind it are a fold over the journal")
  func folds() async throws {
    var seen: Set<Figure> = []
    for seed in UInt64(1)...3 {
      var play = try await Play(seed: seed)
      for _ in 0..<500 { try await play.step() }
      seen.formUnion(try await compare(play))
      #expect(try await play.test.faults() == [])
    }
    // The walks came everywhere, or the comparison would say little.
    #expect(seen == Set(Figure.allCases))
  }

  /// Holds the board against the fold; returns the figures that are not zero.
  private func compare(_ play: Play) async throws -> [Figure] {
    let (desk, operation, viewer) = (play.test.desk, play.operation, play.units[1].coordinator)
    let events = try await desk.store.read { try $0.journal(from: 0, limit: 100_000).map { try $0.recorded() } }
    let fold = FigureFold(events, operation: operation)
    let board = try await desk.board(of: operation, as: viewer)
    #expect(board.total.reports == fold.reports && board.total.looks == fold.looks)
    #expect(board.journalSize == Int64(events.count))
    for figure in Figure.allCases {
      let all = fold.entries(behind: figure)
      #expect(board.total[figure] == Int64(all.count), "\(figure)")
      let entries = try await desk.entries(
        behind: figure, of: operation, provider: nil, Page(limit: 1_000), as: viewer)
      #expect(entries == all, "\(figure)")
      for part in board.providers {
        let behind = fold.entries(behind: figure, provider: part.provider.id)
        #expect(part.figures[figure] == Int64(behind.count), "\(figure)")
        let entries = try await desk.entries(
          behind: figure, of: operation, provider: part.provider.id, Page(limit: 1_000), as: viewer)
        #expect(entries == behind, "\(figure)")
      }
    }
    return Figure.allCases.filter { board.total[$0] > 0 }
  }

  @Test("the published program has at most sixty lines")
  func programIsShort() throws {
    let lines = try PublishedFigures.program().split(separator: "\n", omittingEmptySubsequences: false)
    #expect((20...60).contains(lines.count))
  }

  @Test(
    "the published program counts from an export what the board shows",
    .enabled(if: PublishedFigures.canRun, "python3 is not installed"))
  func published() async throws {
    var play = try await Play(seed: 4)
    for _ in 0..<400 { try await play.step() }
    let (desk, operation) = (play.test.desk, play.operation)
    let rows = try await desk.journal(from: 0, limit: 100_000, as: play.test.owner)
    let export = try rows.reduce(into: [UInt8]()) { $0 += try JournalLine.encode($1) + [0x0A] }
    let counted = try PublishedFigures.count(export, operation: operation.description)
    let total = try await desk.board(of: operation, as: play.units[0].coordinator).total
    let unique = try await desk.store.read { try $0.distinctLocators(of: operation) }
    let head = try await desk.store.read { try $0.journalHead() }
    for (name, figure) in [
      ("assessed", .assessed), ("held", .held), ("referred", .referred), ("answered", .answered),
      ("verified_gone", .seenGone), ("claimed_but_live", .contradicted), ("reappeared", .reappeared),
    ] as [(String, Figure)] {
      #expect(counted[name] == "\(total[figure])", "\(name)")
    }
    // Once confirmed it counts here, also where it was assessed anew since.
    #expect(try #require(counted["confirmed"].flatMap { Int64($0) }) >= total[.confirmed])
    #expect(counted["items_reported"] == "\(total.reports)" && counted["items_unique"] == "\(unique)")
    #expect(counted["looks"] == "\(total.looks)" && total.looks > 0)
    #expect(counted["journal_size"] == "\(head.size)" && counted["journal_root"] == head.root.hex)
  }

  @Test("a scorecard has the median times of a provider, the lower of two in the middle")
  func scorecards() async throws {
    let test = try await TestDesk()
    let unit = try await test.unit()
    let desk = try await test.providerDesk("chorus")
    let operation = try await test.desk.openOperation("Lights", as: unit.coordinator)
    let items = try await test.report(
      (0..<4).map { "https://chorus.example/choir/\($0)" }, operation: "Lights", as: unit.analyst)
    let referrals = try await test.refer(items, by: unit)
    let none = try await test.desk.scorecards(of: operation, as: unit.coordinator)
    #expect(none.map(\.medianToAnswer) == [nil] && none.map(\.medianToSeenGone) == [nil])
    try await test.deliver()
    let delivered = test.clock.now()
    for (referral, seconds) in zip(referrals, [100, 200, 300, 4_000] as [Int64]) {
      test.clock.set(to: delivered.adding(seconds: seconds))
      _ = try await test.answer(referral, .removed, as: desk)
    }
    try await test.look(.removed)
    let card = try #require(try await test.desk.scorecards(of: operation, as: unit.coordinator).first)
    #expect(card.provider.pack == "chorus" && card.figures[.claimedGone] == 4 && card.figures[.seenGone] == 4)
    #expect(card.medianToAnswer == 200 && card.medianToSeenGone == 4_000)
    #expect(try await test.faults() == [])
  }
}
