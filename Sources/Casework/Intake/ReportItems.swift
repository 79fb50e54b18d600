public import Domain
import Storage

/// What became of an address that was sent in.
public enum ReportOutcome: Sendable, Hashable {
  case new(ID<Item>)
  case sighted(ID<Item>)
  case rejected(Rejection)
}

/// Makes a repeated request have one effect.
public struct Idempotency: Sendable {
  /// SHA-256 of the key that the caller chose.
  public let keyDigest: [UInt8]
  /// SHA-256 of what was asked.
  public let bodyDigest: [UInt8]
  /// Writes the reply that is kept; it must hold identifiers and codes only, for it is never erased.
  public let encode: @Sendable ([ReportOutcome]) -> SavedReply

  public init(
    keyDigest: [UInt8], bodyDigest: [UInt8], encode: @escaping @Sendable ([ReportOutcome]) -> SavedReply
  ) {
    self.keyDigest = keyDigest
    self.bodyDigest = bodyDigest
    self.encode = encode
  }
}

/// A reply as it is kept and given again.
public struct SavedReply: Sendable, Hashable {
  public let status: Int
  public let body: String

  public init(status: Int, body: String) {
    self.status = status
    self.body = body
  }
}

extension Desk {
  /// The most addresses in one request.
  public static let mostReports = 1_000

  /// Puts addresses on record, all in one commit, once for each idempotency key.
  ///
  /// Returns the reply and whether it is an earlier one given again. Throws ``Refusal/keyReused`` when
  /// the key was used for something else.
  public func reportItems(
    _ addresses: [ReportedAddress], operation: String?, terms: ReportTerms, idempotency: Idempotency,
    as caller: Caller
  ) async throws -> (reply: SavedReply, isRepeated: Bool) {
    try caller.require(.reportItems)
    // Prepared without an operation: whether it has to be opened is known inside only.
    let context = ReportContext(owner: caller.user.agency, operation: nil, terms: terms)
    let prepared = operation == nil ? addresses.map { outcome(of: $0, in: context) } : nil
    return try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.reportItems, in: tx.reading, at: tx.now)
      if let earlier = try tx.reading.answer(to: caller.user.id, keyDigest: idempotency.keyDigest) {
        guard earlier.bodyDigest == idempotency.bodyDigest else { throw Refusal.keyReused }
        return (SavedReply(status: earlier.status, body: earlier.reply), true)
      }
      let opened = try self.operation(named: operation, as: caller, in: tx)
      let reports =
        prepared
        ?? addresses.map {
          self.outcome(of: $0, in: ReportContext(owner: context.owner, operation: opened, terms: terms))
        }
      let outcomes = try Self.record(reports, owner: context.owner, in: tx)
      let reply = idempotency.encode(outcomes)
      try tx.record(
        RequestAnswered(
          request: tx.makeIdentifier(), caller: caller.user.id, keyDigest: idempotency.keyDigest,
          bodyDigest: idempotency.bodyDigest, status: reply.status, reply: reply.body))
      return (reply, false)
    }
  }

  private func outcome(of address: ReportedAddress, in context: ReportContext) -> Result<PreparedReport, Rejection> {
    Result { () throws(Rejection) in try prepare(address, source: nil, in: context) }
  }

  private static func record(
    _ reports: [Result<PreparedReport, Rejection>], owner: ID<Agency>, in tx: WriteTransaction
  ) throws -> [ReportOutcome] {
    let accepted = reports.compactMap { try? $0.get() }
    var recorded = try tx.record(accepted, owner: owner)[...]
    return reports.map { report in
      switch report {
      case .failure(let rejection): return .rejected(rejection)
      case .success(let prepared):
        let result = recorded.popFirst() ?? RecordedReport(item: prepared.item, isNew: true)
        return result.isNew ? .new(result.item) : .sighted(result.item)
      }
    }
  }
}
