import Domain
import Locators

/// Everything that changes: what stands where, what providers were asked, and what they have still to say.
///
/// It is folded from the messages alone: the same messages at the same times give the same state again.
struct RangeState {
  /// What became of one item.
  struct Standing {
    var downAt = Int32.max
    /// The number of the referral that took it down.
    var downBy = WorldItem.nobody
    var look = GoneLook.notFound
    var referrals: UInt8 = 0
    var removals: UInt8 = 0
  }

  let world: World
  let canonicalizer: Canonicalizer
  let isVirtual: Bool
  private(set) var now: Int32
  var standings: [Standing]
  /// What came back, numbered after the world's items.
  var comebacks: [WorldItem] = []
  var comebackAddresses = AddressTable(expecting: 64)
  var found: [FoundReturn] = []
  var referrals: [HeldReferral] = []
  var numbers: [[ReferralKey: Int32]]
  var due = DueList()
  var queues: [AnswerQueue]
  var counters = RequestCounters()

  init(world: World, canonicalizer: Canonicalizer, isVirtual: Bool, now: Int32, acknowledged: [RangeProvider: Int]) {
    self.world = world
    self.canonicalizer = canonicalizer
    self.isVirtual = isVirtual
    self.now = now
    standings = Array(repeating: Standing(), count: world.items.count)
    numbers = RangeProvider.allCases.map { _ in [:] }
    queues = RangeProvider.allCases.map { AnswerQueue(acknowledged: acknowledged[$0] ?? 0) }
  }

  /// Does everything that is due until then, in its order.
  mutating func advance(to second: Int32) {
    while let (at, things) = due.takeFirst(notAfter: second) {
      now = max(now, at)
      for thing in things.sorted(by: precedes) {
        switch thing {
        case .decision(let number): decide(Int(number))
        case .again(let number): say(.answer, Int(number))
        case .comeback(let comeback): bringBack(comeback)
        }
      }
    }
    now = max(now, second)
  }

  /// By what they are about, never by when they were planned.
  private func precedes(_ lhs: DueList.Thing, _ rhs: DueList.Thing) -> Bool {
    switch (lhs, rhs) {
    case (.decision(let left), .decision(let right)), (.again(let left), .again(let right)):
      let (left, right) = (referrals[Int(left)], referrals[Int(right)])
      return (left.provider, left.key) < (right.provider, right.key)
    case (.comeback(let left), .comeback(let right)):
      return (address(Int(left.original)), left.generation) < (address(Int(right.original)), right.generation)
    default: return lhs.rank < rhs.rank
    }
  }

  /// The next second at which there is something to do or to notice, besides a changed page.
  var nextDue: Int32? {
    let report = isVirtual ? world.nextReport(after: now) : nil
    return [due.next, report].compactMap { $0 }.min()
  }

  var unacknowledged: Int { queues.reduce(0) { $0 + $1.count } }
}

extension DueList.Thing {
  var rank: Int {
    switch self {
    case .decision: 0
    case .again: 1
    case .comeback: 2
    }
  }
}
