public import Casework
public import Domain
public import Storage
public import Wire

// What use cases return, as it goes over the wire.

extension WorkMessage {
  init(_ item: WorkItem, at now: Instant) {
    self.init(
      assessment: item.assessment, deconfliction: item.deconfliction, hold: item.holdIndex,
      clearance: item.clearance(at: now), referral: item.referral, liveness: item.liveness,
      hasReappeared: item.hasReappeared)
  }
}

extension QueuedItemMessage {
  /// `now` decides whether a clearance is still valid.
  public init(_ item: WorkItem, at now: Instant) {
    self.init(
      id: item.id, index: item.reportIndex, locator: item.locator, operation: item.operation, owner: item.owner,
      provider: item.provider, work: WorkMessage(item, at: now))
  }
}

extension DossierMessage {
  /// `now` decides whether a clearance is still valid.
  public init(_ dossier: ItemDossier, at now: Instant) {
    self.init(
      item: dossier.item, operation: dossier.operation, provider: dossier.provider,
      work: WorkMessage(dossier.work, at: now),
      steps: dossier.steps.map { Step(name: $0.kind.rawValue, obstacle: $0.obstacle) },
      history: dossier.history.map {
        Entry(header: $0.header, actorName: $0.actorName, facts: $0.facts, personal: $0.personal)
      })
  }
}
