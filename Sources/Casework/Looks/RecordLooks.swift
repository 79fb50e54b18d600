public import Domain
public import Storage

extension Desk {
  /// Looks that are due, a page at a time in the order of the items.
  ///
  /// For the looks worker, which acts in the name of the installation's owner.
  public func dueLooks(
    at instant: Instant, after reportIndex: Int64, limit: Int, as caller: Caller
  ) async throws -> [DueLook] {
    try requireOwner(caller)
    return try await store.read { try $0.dueLooks(at: instant, after: reportIndex, limit: limit) }
  }

  /// Providers of whose items a look is due.
  public func providersWithDueLooks(at instant: Instant, as caller: Caller) async throws -> [ID<Provider>] {
    try requireOwner(caller)
    return try await store.read { try $0.providersWithDueLooks(at: instant) }
  }

  /// Looks that are due at one provider's items, in the order of the items.
  public func dueLooks(
    of provider: ID<Provider>, at instant: Instant, limit: Int, as caller: Caller
  ) async throws -> [DueLook] {
    try requireOwner(caller)
    return try await store.read { try $0.dueLooks(of: provider, at: instant, limit: limit) }
  }

  public func nextLookDue(as caller: Caller) async throws -> Instant? {
    try requireOwner(caller)
    return try await store.read { try $0.nextLookDue() }
  }

  /// Records a round of looks: the segment of all of them, and an event for each that found something else.
  ///
  /// `due` and `findings` belong together, in the order of the items. A look that another process has recorded meanwhile
  /// leaves no second trace; what else was seen since counts. Returns the verdicts of those that are news, and throws
  /// ``LeaseLost`` where the lease is no longer in force.
  @discardableResult
  public func record(
    _ findings: [LookFinding], of due: [DueLook], under lease: Lease? = nil, as caller: Caller
  ) async throws -> [Verdict] {
    try requireOwner(caller)
    let segment = LookSegment.encode(findings, of: due)
    let digest = try blobs.keep(segment)
    let titles = findings.map { $0.title.map { keys.digests.name($0, purpose: .pageTitle) } }
    return try await store.write(as: caller.user.id) { tx in
      if let lease { try tx.require(lease) }
      let watches = try tx.reading.watches(due.map(\.reportIndex))
      var round = LookedRound(at: tx.now)
      var looked: [Int64] = []
      var verdicts: [Verdict] = []
      for position in due.indices {
        guard let now = watches[due[position].reportIndex], now.dueAt == due[position].dueAt else { continue }
        verdicts.append(
          round.add(findings[position], of: due[position].standing(as: now), title: titles[position]))
        looked.append(due[position].reportIndex)
      }
      if !looked.isEmpty { try round.record(looked, segment: digest, isByHand: false, tx) }
      return verdicts
    }
  }
}

/// What a round of looks changes.
struct LookedRound {
  let instant: Instant
  private(set) var letters = ""
  private(set) var events: [any Event] = []

  init(at instant: Instant) { self.instant = instant }

  func record(_ items: [Int64], segment: [UInt8], isByHand: Bool, _ tx: WriteTransaction) throws {
    let made = LooksMade(
      round: ID(tx.makeIdentifier()), items: items, lookedAt: instant, segment: segment, verdicts: letters,
      isByHand: isByHand)
    var sealed = [tx.seal(made)]
    for event in events { sealed.append(tx.seal(event)) }
    try tx.record(sealed)
  }

  /// Returns what was found, seen against what was there before.
  @discardableResult
  mutating func add(_ finding: LookFinding, of due: DueLook, title: [UInt8]?) -> Verdict {
    // The same address with another title is another page.
    let isReplaced = finding.verdict == .live && due.title != nil && title != nil && due.title != title
    let verdict = isReplaced ? Verdict.replaced : finding.verdict
    letters.append(verdict.letter)
    var liveness = due.liveness
    let lastLiveAt = liveness.lastLiveAt
    if let change = liveness.see(verdict, at: instant) {
      events.append(
        ItemSeen(
          item: due.item, reportIndex: due.reportIndex, verdict: verdict,
          basis: isReplaced ? .title : finding.basis, status: finding.status.map(Int64.init), seenAt: instant,
          lastLiveAt: lastLiveAt, title: verdict == .live ? title : nil, location: finding.location))
      if change == .reappeared {
        events.append(
          ItemReappeared(
            item: due.item, reportIndex: due.reportIndex, cause: .look, goneAt: due.liveness.firstGoneAt))
      }
    }
    if verdict.isThere, let claim = due.claimIndex, !due.isContradicted {
      events.append(
        ClaimContradicted(
          item: due.item, reportIndex: due.reportIndex, referral: due.referral, answer: claim, seenAt: instant))
    }
    return verdict
  }
}

/// The looks of a round, one JSON line each; kept under its SHA-256 and never changed.
enum LookSegment {
  static func encode(_ findings: [LookFinding], of due: [DueLook]) -> [UInt8] {
    var json = JSONWriter(reserving: 200 * findings.count)
    for (finding, due) in zip(findings, due) {
      json.object { json in
        json.key("basis")
        json.string(finding.basis.rawValue)
        json.key("bytes")
        json.integer(Int64(finding.pageBytes))
        json.key("item")
        json.identifier(due.item.identifier)
        if let digest = finding.pageDigest {
          json.key("page")
          json.hex(digest)
        }
        if let status = finding.status {
          json.key("status")
          json.integer(Int64(status))
        }
        json.key("verdict")
        json.string(finding.verdict.rawValue)
      }
      json.endLine()
    }
    return json.finish()
  }
}
