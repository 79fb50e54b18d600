import Domain
import ExchangeFormats
import Storage

extension Desk {
  /// Counts what an import would do, and changes nothing.
  public func previewImport(
    _ request: ImportRequest, files: inout some ImportFiles, as caller: Caller
  ) async throws -> ImportSummary {
    try caller.require(.reportItems)
    let context = ReportContext(owner: caller.user.agency, operation: nil, terms: request.terms)
    let importID: ID<Import> = makeID()
    var lines = IntakeLines(plan: request.plan, skippingThrough: 0)
    var summary = ImportSummary()
    var seen: Set<LocatorDigest> = []
    while let bytes = try files.next() {
      let reports = try lines.take(bytes, of: self, importID: importID, in: context, files: &files)
      try await count(reports.map(\.digest), seen: &seen, in: &summary, as: caller)
      files.progress(lines: lines.count)
    }
    let rest = try lines.finish(of: self, importID: importID, in: context, files: &files)
    try await count(rest.map(\.digest), seen: &seen, in: &summary, as: caller)
    summary.lines = lines.count
    summary.rejected = lines.rejected
    summary.blank = lines.blank
    return summary
  }

  private func count(
    _ digests: [LocatorDigest], seen: inout Set<LocatorDigest>, in summary: inout ImportSummary, as caller: Caller
  ) async throws {
    let known = try await store.read { [now = clock.now()] tx in
      try caller.confirm(.reportItems, in: tx, at: now)
      return try tx.knownItems(digests, owner: caller.user.agency)
    }
    for digest in digests {
      if known[digest] == nil, seen.insert(digest).inserted { summary.itemsNew += 1 } else { summary.sightings += 1 }
    }
  }
}
