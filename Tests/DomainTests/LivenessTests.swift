import Domain
import Testing

@Suite("Being there and being gone") struct LivenessTests {
  private static func at(_ hour: Int64) -> Instant { Instant(microseconds: hour * 3_600_000_000) }

  /// Sees verdicts an hour apart, from hour 1 on.
  private func seeing(_ verdicts: [Verdict]) -> (liveness: Liveness, changes: [Liveness.Change?]) {
    var liveness = Liveness()
    let changes = verdicts.enumerated().map { liveness.see($0.element, at: Self.at(Int64($0.offset) + 1)) }
    return (liveness, changes)
  }

  @Test("an item went between the last look that found it and the first that did not")
  func interval() {
    let (liveness, changes) = seeing([.live, .live, .removed, .removed])
    #expect(changes == [.first, nil, .gone, nil])
    #expect(liveness.lastLiveAt == Self.at(2) && liveness.firstGoneAt == Self.at(3))
  }

  @Test(
    "unreachable and unknown say nothing about the item and move no end", arguments: [Verdict.unreachable, .unknown])
  func nothingSaid(silent: Verdict) {
    let (liveness, changes) = seeing([.live, silent, silent, .removed, silent, .removed])
    #expect(changes == [.first, .other, nil, .gone, .other, .other])
    #expect(liveness.lastLiveAt == Self.at(1) && liveness.firstGoneAt == Self.at(4))
    let (alone, first) = seeing([silent])
    #expect(first == [.first] && alone.lastLiveAt == nil && alone.firstGoneAt == nil)
  }

  @Test("what is there again after it was gone reappeared, also when something silent lay between")
  func reappearance() {
    for between in [[], [.unreachable], [.unknown, .restricted]] as [[Verdict]] {
      for there in [Verdict.live, .moved] {
        let (liveness, changes) = seeing([.live, .removed] + between + [there])
        #expect(changes.last == .some(.reappeared))
        #expect(liveness.firstGoneAt == nil && liveness.lastLiveAt == Self.at(Int64(3 + between.count)))
      }
    }
    // Gone once more: the interval begins anew.
    let (again, changes) = seeing([.live, .removed, .live, .replaced])
    #expect(changes == [.first, .gone, .reappeared, .gone])
    #expect(again.lastLiveAt == Self.at(3) && again.firstGoneAt == Self.at(4))
  }

  @Test("gone in another way is a change, and the first time stays", arguments: [Verdict.restricted, .replaced])
  func goneOtherwise(other: Verdict) {
    let (liveness, changes) = seeing([.removed, other])
    #expect(changes == [.gone, .other])
    #expect(liveness.lastLiveAt == nil && liveness.firstGoneAt == Self.at(1))
  }

  @Test("every verdict says that it is there, that it is gone, or neither; never both")
  func kinds() {
    #expect(Verdict.allCases.filter(\.isThere) == [.live, .moved])
    #expect(Verdict.allCases.filter(\.isGone) == [.removed, .restricted, .replaced])
  }

  @Test("a letter stands for one verdict, and leads back to it")
  func letters() {
    #expect(Set(Verdict.allCases.map(\.letter)).count == Verdict.allCases.count)
    for verdict in Verdict.allCases { #expect(Verdict(letter: verdict.letter) == verdict) }
    for letter in "lX1 é" { #expect(Verdict(letter: letter) == nil) }
  }

  @Test("nine looks in ninety days, at ascending offsets, and no tenth")
  func schedule() {
    let hours = LookSchedule.offsets.map { $0 / 3_600 }
    #expect(hours == [1, 6, 24, 72, 168, 336, 720, 1_440, 2_160])
    for (done, offset) in hours.enumerated() {
      #expect(LookSchedule.next(after: done, deliveredAt: Self.at(5)) == Self.at(5 + offset))
    }
    for done in [9, 10, -1, .max] { #expect(LookSchedule.next(after: done, deliveredAt: Self.at(5)) == nil) }
  }
}
