import Domain
import TestPorts

/// The work on items, as events in any order: what the tables are must not depend on the rules being kept.
struct HistoryOfWork {
  private let dice: SeededRandom
  private var outlets: [ID<Outlet>] = []
  private var cases: [ID<CaseFile>] = []
  private var interests: [ID<Interest>] = []
  private var referrals: [(id: ID<Referral>, item: KnownReport)] = []
  private var participants: Set<[Identifier]> = []
  private var desks: Set<ID<User>> = []

  typealias KnownReport = (id: ID<Item>, index: Int64, owner: ID<Agency>)

  /// What an event may speak of, and a number that no other event has.
  struct Known {
    let items: [KnownReport]
    let agencies: [ID<Agency>]
    let users: [ID<User>]
    let providers: [ID<Provider>]
    let operations: [ID<Operation>]
    let number: UInt64

    var fresh: Identifier { TestRecord.id(1_000_000_000 + number) }
    var digest: [UInt8] { TestRecord.digest(1_000_000_000 + number).bytes }
    var instant: Instant { Instant(microseconds: 1_795_478_400_000_000 + Int64(number) * 977) }
  }

  init(dice: SeededRandom) { self.dice = dice }

  /// The agency that opens an operation takes part in it from then on.
  mutating func opened(_ operation: ID<Operation>, by agency: ID<Agency>) {
    participants.insert([operation.identifier, agency.identifier])
  }

  mutating func someEvent(_ known: Known) -> [any Event] {
    switch dice.below(8) {
    case 0: return someOperation(known)
    case 1: return someOutletOrCase(known)
    case 2, 3: return someDecision(known)
    case 4: return someDeconfliction(known)
    case 5, 6: return someReferral(known)
    default: return someLook(known)
    }
  }

  private func pick<T>(_ values: [T]) -> T? { values.isEmpty ? nil : values[dice.below(values.count)] }

  private func code<C: CaseIterable>(_ type: C.Type) -> C where C.AllCases == [C] {
    C.allCases[dice.below(C.allCases.count)]
  }

  private mutating func someOperation(_ known: Known) -> [any Event] {
    guard let operation = pick(known.operations), let agency = pick(known.agencies) else { return [] }
    switch dice.below(3) {
    case 0 where participants.insert([operation.identifier, agency.identifier]).inserted:
      return [OperationJoined(operation: operation, agency: agency)]
    case 1:
      guard let user = pick(known.users), let provider = pick(known.providers), desks.insert(user).inserted else {
        return []
      }
      return [ProviderDeskOpened(provider: provider, user: user)]
    default: return [HHourSet(operation: operation, hHour: dice.below(3) == 0 ? nil : known.instant)]
    }
  }

  private mutating func someOutletOrCase(_ known: Known) -> [any Event] {
    let agency = pick(known.agencies) ?? TestRecord.agency
    switch dice.below(4) {
    case 0:
      outlets.append(ID(known.fresh))
      return [
        OutletRegistered(
          outlet: ID(known.fresh), agency: agency, operation: pick(known.operations), nameDigest: known.digest,
          reviewAt: known.instant, name: "o\(known.number)")
      ]
    case 1:
      guard let outlet = pick(outlets) else { return [] }
      // Few days, so that one is corrected now and then.
      let day = Instant(microseconds: Int64(dice.below(5)) * 86_400_000_000)
      return [OutletObserved(outlet: outlet, day: day, posts: Int64(dice.below(9)), accounts: 2, reach: 3)]
    case 2:
      cases.append(ID(known.fresh))
      return [
        CaseOpened(
          caseFile: ID(known.fresh), agency: agency, operation: pick(known.operations), prosecutor: pick(known.users),
          referenceDigest: known.digest, reference: "c\(known.number)")
      ]
    default:
      guard let file = pick(cases) else { return [] }
      return [CaseFactRecorded(caseFile: file, kind: code(CaseFactKind.self), happenedAt: known.instant, note: nil)]
    }
  }

  private func someDecision(_ known: Known) -> [any Event] {
    guard let item = pick(known.items) else { return [] }
    switch dice.below(4) {
    case 0: return [AssessmentConfirmed(item: item.id, reportIndex: item.index, assessment: 1)]
    case 1: return [AssessmentReturned(item: item.id, reportIndex: item.index, assessment: 1, reason: "r")]
    default:
      return [
        ItemAssessed(
          item: item.id, reportIndex: item.index, decision: code(Assessment.Decision.self),
          categories: [code(ContentCategory.self)], factors: [], exempt: [], usedMachineHelp: false, reasons: "why")
      ]
    }
  }

  private mutating func someDeconfliction(_ known: Known) -> [any Event] {
    guard let item = pick(known.items) else { return [] }
    switch dice.below(7) {
    case 0:
      interests.append(ID(known.fresh))
      return [
        InterestRegistered(
          interest: ID(known.fresh), agency: pick(known.agencies) ?? TestRecord.agency,
          locator: TestRecord.digest(known.number), until: known.instant, note: "n")
      ]
    case 1: return pick(interests).map { [InterestWithdrawn(interest: $0)] } ?? []
    case 2: return [ItemHeld(item: item.id, reportIndex: item.index, check: 1, until: known.instant)]
    case 3: return [HoldLifted(item: item.id, reportIndex: item.index, hold: 1)]
    case 4: return [HoldOverridden(item: item.id, reportIndex: item.index, hold: 1, reason: "r")]
    case 5: return [ItemCleared(item: item.id, reportIndex: item.index, check: 1, validUntil: known.instant)]
    default:
      return [
        ItemDeconflicted(
          item: item.id, reportIndex: item.index, result: code(Deconfliction.Result.self), validUntil: known.instant)
      ]
    }
  }

  private mutating func someReferral(_ known: Known) -> [any Event] {
    guard dice.below(3) > 0, let referral = pick(referrals) else {
      guard let item = pick(known.items), let provider = pick(known.providers) else { return [] }
      referrals.append((ID(known.fresh), item))
      return [
        ItemReferred(
          item: item.id, reportIndex: item.index, referral: ID(known.fresh), provider: provider,
          operation: pick(known.operations), assessment: 1, clearance: 1, categories: [.threat],
          dueAt: dice.below(3) == 0 ? nil : known.instant, clause: dice.below(2) == 0 ? nil : "clause \(known.number)")
      ]
    }
    let (id, item) = referral
    switch dice.below(6) {
    case 0: return [DispatchRefused(item: item.id, reportIndex: item.index, referral: id, delivery: [1], reason: "r")]
    case 1:
      return [
        ReferralRetracted(
          item: item.id, reportIndex: item.index, referral: id, wasDelivered: dice.below(2) == 0, reason: "r")
      ]
    case 2: return [RecallDelivered(item: item.id, reportIndex: item.index, referral: id, delivery: [2])]
    case 3:
      return [
        ReferralAnswered(
          item: item.id, reportIndex: item.index, referral: id, outcome: code(ProviderOutcome.self),
          decidedAt: known.instant, reason: nil, reference: dice.below(2) == 0 ? nil : "ref \(known.number)")
      ]
    default:
      return [
        DispatchDelivered(
          item: item.id, reportIndex: item.index, referral: id, delivery: [3], bodyDigest: [4], attempts: 2,
          channel: "api", reference: dice.below(2) == 0 ? nil : "ref \(known.number)")
      ]
    }
  }

  private func someLook(_ known: Known) -> [any Event] {
    guard let item = pick(known.items), let other = pick(known.items) else { return [] }
    switch dice.below(5) {
    case 0:
      let looked = (0...dice.below(6)).compactMap { _ in pick(known.items)?.index }
      return [
        LooksMade(
          round: ID(known.fresh), items: looked, lookedAt: known.instant, segment: [5],
          verdicts: String(looked.map { _ in code(Verdict.self).letter }), isByHand: dice.below(4) == 0)
      ]
    case 1:
      return [
        ClaimContradicted(
          item: item.id, reportIndex: item.index, referral: pick(referrals)?.id ?? ID(known.fresh), answer: 1,
          seenAt: known.instant)
      ]
    case 2:
      return [ItemReappeared(item: item.id, reportIndex: item.index, cause: code(ReappearanceCause.self), goneAt: nil)]
    case 3:
      return [
        ItemRelated(
          item: item.id, reportIndex: item.index, relation: code(ItemRelation.self), original: other.id)
      ]
    default:
      return [
        ItemSeen(
          item: item.id, reportIndex: item.index, verdict: code(Verdict.self), basis: code(VerdictBasis.self),
          status: 200, seenAt: known.instant, lastLiveAt: nil, title: dice.below(2) == 0 ? nil : known.digest,
          location: "https://y.example/\(known.number)")
      ]
    }
  }
}
