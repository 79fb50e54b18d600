public import Casework
import Crypto
public import Domain
public import Storage
import TestPorts

/// The people of one agency, one for each part of the work.
public struct TestUnit: Sendable {
  public let analyst: Caller
  public let reviewer: Caller
  public let officer: Caller
  public let coordinator: Caller
  public let prosecutor: Caller

  public var agency: ID<Agency> { analyst.user.agency }
}

/// The steps of the work, for tests that begin in the middle of it.
extension TestDesk {
  /// The people of the installation's own agency, or of another one that is added.
  public func unit(_ agency: String? = nil) async throws -> TestUnit {
    if let agency { _ = try await desk.addAgency(agency, as: owner) }
    let prefix = agency ?? "own"
    return TestUnit(
      analyst: try await caller([.analyst], name: "\(prefix) analyst", agency: agency),
      reviewer: try await caller([.reviewer], name: "\(prefix) reviewer", agency: agency),
      officer: try await caller([.deconflictionOfficer], name: "\(prefix) officer", agency: agency),
      coordinator: try await caller([.coordinator], name: "\(prefix) coordinator", agency: agency),
      prosecutor: try await caller([.prosecutor], name: "\(prefix) prosecutor", agency: agency))
  }

  /// Reports addresses; the items, new or known, in their order.
  @discardableResult
  public func report(
    _ addresses: [String], operation: String? = nil, sharing: Sharing = .owner, as caller: Caller
  ) async throws -> [ID<Item>] {
    let words = random.words()
    let idempotency = Idempotency(
      keyDigest: Array(SHA256.hash(data: Array("\(words)".utf8))), bodyDigest: [1]
    ) { outcomes in
      let ids = outcomes.compactMap { outcome in
        switch outcome {
        case .new(let item), .sighted(let item): item.description
        case .rejected: nil
        }
      }
      return SavedReply(status: 200, body: ids.joined(separator: " "))
    }
    let reply = try await desk.reportItems(
      addresses.map { ReportedAddress(address: Array($0.utf8)) }, operation: operation,
      terms: ReportTerms(sharing: sharing), idempotency: idempotency, as: caller
    ).reply
    return reply.body.split(separator: " ").compactMap { ID(String($0)) }
  }

  public func work(_ item: ID<Item>, as caller: Caller? = nil) async throws -> WorkItem {
    let viewer = (caller ?? owner).viewer
    guard let found = try await desk.store.read({ try $0.workItem(item, for: viewer) }) else {
      throw Refusal.notFound("such item")
    }
    return found
  }

  /// Finds items to be terrorist content, by one person.
  @discardableResult
  public func assess(_ items: [ID<Item>], by unit: TestUnit) async throws -> [WorkOutcome] {
    try await desk.assess(items.map { AssessmentDraft.referable($0) }, as: unit.analyst)
  }

  /// Confirms what was assessed, by another person.
  @discardableResult
  public func confirm(_ items: [ID<Item>], by unit: TestUnit) async throws -> [WorkOutcome] {
    var drafts: [ConfirmationDraft] = []
    for item in items {
      let index = try await work(item, as: unit.reviewer).assessment?.index ?? -1
      drafts.append(ConfirmationDraft(item: item, assessment: index, agrees: true))
    }
    return try await desk.confirm(drafts, as: unit.reviewer)
  }

  /// Assessed, confirmed, and cleared.
  public func clear(_ items: [ID<Item>], by unit: TestUnit) async throws {
    try await assess(items, by: unit)
    try await confirm(items, by: unit)
    _ = try await desk.deconflictAndClear(items, as: unit.officer)
  }

  /// Cleared and referred; they wait to leave.
  @discardableResult
  public func refer(
    _ items: [ID<Item>], release: ReleaseMoment = .atOnce, by unit: TestUnit
  ) async throws -> [ID<Referral>] {
    try await clear(items, by: unit)
    return try await referAgain(items, release: release, by: unit)
  }

  /// Refers what is cleared.
  @discardableResult
  public func referAgain(
    _ items: [ID<Item>], release: ReleaseMoment = .atOnce, by unit: TestUnit
  ) async throws -> [ID<Referral>] {
    for outcome in try await desk.refer(items.map { ReferralDraft(item: $0, release: release) }, as: unit.coordinator) {
      if case .refused(let refusal) = outcome { throw refusal }
    }
    var referrals: [ID<Referral>] = []
    for item in items { if let id = try await work(item, as: unit.analyst).referral?.id { referrals.append(id) } }
    return referrals
  }

  /// What waits to leave now, for all providers.
  public func outbound() async throws -> [OutboundReferral] {
    try await desk.outbound(at: clock.now(), limit: 1_000, as: owner).flatMap(\.self)
  }

  /// The providers take everything that waits.
  @discardableResult
  public func deliver(
    _ result: DeliveredMessage.Result = .accepted(reference: nil, answer: nil)
  ) async throws -> [OutboundReferral] {
    let messages = try await outbound()
    try await desk.record(messages.map { DeliveredMessage.of($0, result) }, as: owner)
    return messages
  }

  /// Makes every look that is due; each finds the same.
  @discardableResult
  public func look(_ verdict: Verdict, title: String? = nil) async throws -> [DueLook] {
    let due = try await desk.dueLooks(at: clock.now(), after: -1, limit: 10_000, as: owner)
    let basis: VerdictBasis = verdict == .live ? .page : .status
    try await desk.record(
      due.map { _ in LookFinding(verdict: verdict, basis: basis, status: 200, title: title) }, of: due, as: owner)
    return due
  }

  /// A provider's desk for a pack.
  public func providerDesk(_ pack: String) async throws -> Caller {
    let caller = try await caller([.provider], name: "desk of \(pack)")
    try await desk.connectProvider(pack: pack, to: "desk of \(pack)", as: owner)
    return caller
  }

  public func answer(
    _ referral: ID<Referral>, _ outcome: ProviderOutcome, as caller: Caller
  ) async throws -> AnswerOutcome? {
    try await desk.recordAnswers(
      [
        ProviderAnswer(
          idempotencyKey: referral.description, outcome: outcome, reason: "as we see it", reference: nil,
          decidedAt: clock.now())
      ], as: caller
    ).first
  }

  /// How many events of a type the journal has.
  public func count<E: Event>(_ type: E.Type) async throws -> Int { try await journal().count { $0 is E } }
}

extension AssessmentDraft {
  /// That an item is terrorist content and no exemption applies.
  public static func referable(_ item: ID<Item>, replaces: Int64? = nil) -> AssessmentDraft {
    AssessmentDraft(
      item: item, decision: .refer, categories: [.threat, .incite], factors: [.wording],
      exemptions: .noneApplies, reasons: nil, replaces: replaces)
  }
}

extension DeliveredMessage {
  public static func of(_ message: OutboundReferral, _ result: Result) -> DeliveredMessage {
    DeliveredMessage(
      message: message, delivery: Identifier(high: 7, low: 7), bodyDigest: [1], attempts: 1, channel: "api",
      result: result)
  }
}
