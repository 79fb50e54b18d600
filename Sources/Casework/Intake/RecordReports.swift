import Domain
import Locators
import Storage

/// What became of one address.
struct RecordedReport: Sendable, Hashable {
  let item: ID<Item>
  let isNew: Bool
}

extension WriteTransaction {
  /// Puts prepared reports on record: new items, and sightings of those that the owner has.
  ///
  /// Providers that nobody has named before are registered first.
  func record(_ reports: [PreparedReport], owner: ID<Agency>) throws -> [RecordedReport] {
    var known = try reading.knownItems(reports.map(\.digest), owner: owner)
    var gone = try reading.goneItems(known.values.map(\.reportIndex).sorted())
    var events = try unknownProviders(of: reports).map { seal($0) }
    let first = nextIndex
    var results: [RecordedReport] = []
    results.reserveCapacity(reports.count)
    for report in reports {
      if let item = known[report.digest] {
        events.append(
          seal(
            ItemSighted(
              item: item.id, reportIndex: item.reportIndex, source: report.source, reportedAs: report.reportedAs,
              remarks: report.remarks)))
        // Somebody finds it where it was seen gone: a fact of its own, told once.
        if let goneAt = gone.removeValue(forKey: item.reportIndex) {
          events.append(
            seal(ItemReappeared(item: item.id, reportIndex: item.reportIndex, cause: .report, goneAt: goneAt)))
        }
        results.append(RecordedReport(item: item.id, isNew: false))
      } else {
        // The index that this event is about to get: a second report in the same batch is a sighting of it.
        known[report.digest] = KnownItem(id: report.item, reportIndex: first + Int64(events.count))
        events.append(report.sealed)
        results.append(RecordedReport(item: report.item, isNew: true))
      }
    }
    try record(events)
    return results
  }

  private func unknownProviders(of reports: [PreparedReport]) throws -> [ProviderRegistered] {
    var seen: Set<ID<Provider>> = []
    var unknown: [ProviderRegistered] = []
    for report in reports where seen.insert(report.providerID).inserted {
      guard try !reading.hasProvider(report.providerID) else { continue }
      switch report.provider {
      case .pack(let name): unknown.append(ProviderRegistered(provider: report.providerID, pack: name, name: name))
      case .domain(let domain): unknown.append(ProviderRegistered(provider: report.providerID, pack: nil, name: domain))
      }
    }
    return unknown
  }
}
