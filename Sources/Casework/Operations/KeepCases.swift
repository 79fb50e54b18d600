public import Domain
public import Storage

extension Desk {
  /// Opens a national file; the prosecutor is a user of the caller's agency with that role.
  public func openCase(
    reference: String, operation: ID<Operation>?, prosecutor: String?, as caller: Caller
  ) async throws -> ID<CaseFile> {
    try caller.require(.openCases)
    let reference = try Self.checked(reference, "case")
    let digest = keys.digests.name(reference, purpose: .caseReference)
    let prosecutorDigest = prosecutor.map { keys.digests.name($0, purpose: .user) }
    return try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.openCases, in: tx.reading, at: tx.now)
      guard try !tx.reading.hasCase(referenceDigest: digest, of: caller.user.agency) else {
        throw Refusal.taken("the case's reference")
      }
      try Self.requirePart(in: operation, of: caller, tx.reading)
      let leader = try prosecutorDigest.map { digest in
        guard let user = try tx.reading.user(nameDigest: digest), user.agency == caller.user.agency,
          user.roles.contains(.prosecutor)
        else { throw Refusal.notFound("prosecutor of this name in your agency") }
        return user.id
      }
      let file = ID<CaseFile>(tx.makeIdentifier())
      try tx.record(
        CaseOpened(
          caseFile: file, agency: caller.user.agency, operation: operation, prosecutor: leader,
          referenceDigest: digest, reference: reference))
      return file
    }
  }

  /// Records what happened in one of the agency's own cases.
  public func recordFact(
    _ kind: CaseFactKind, at happenedAt: Instant, note: String?, in file: ID<CaseFile>, as caller: Caller
  ) async throws {
    try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.openCases, in: tx.reading, at: tx.now)
      guard try tx.reading.cases(of: caller.user.agency).contains(where: { $0.id == file }) else {
        throw Refusal.notFound("such case")
      }
      guard happenedAt <= tx.now else { throw Refusal.invalid("a fact lies in the past") }
      try tx.record(CaseFactRecorded(caseFile: file, kind: kind, happenedAt: happenedAt, note: note))
    }
  }

  public func cases(as caller: Caller) async throws -> [(file: CaseFile, facts: [CaseFact])] {
    try await store.read { [now = clock.now()] tx in
      try caller.confirm(.openCases, in: tx, at: now)
      return try tx.cases(of: caller.user.agency).map { ($0, try tx.caseFacts(of: $0.id)) }
    }
  }
}
