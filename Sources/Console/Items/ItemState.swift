import Casework
import Domain
import Storage

/// Where an item stands, as chips: each small state machine for itself.
enum ItemState {
  @Content static func chips(_ item: WorkItem, at now: Instant, _ words: Words) -> [Node] {
    assessment(item, words)
    deconfliction(item, at: now, words)
    referral(item, words)
    liveness(item, words)
  }

  private static func assessment(_ item: WorkItem, _ words: Words) -> [Node] {
    guard let assessment = item.assessment else { return [chip(words("state.unassessed"))] }
    let decision = words.code("decision", assessment.decision.rawValue)
    let node =
      switch assessment.state {
      case .awaitingSecondPerson: chip(words("state.awaiting", ["decision": decision]), .wait)
      case .confirmed: chip(words("state.confirmed", ["decision": decision]), .good)
      case .returned: chip(words("state.returned"), .bad)
      }
    return [node] + assessment.categories.sorted().map { chip(words.code("category_short", $0.rawValue)) }
  }

  private static func deconfliction(_ item: WorkItem, at now: Instant, _ words: Words) -> [Node] {
    guard let check = item.deconfliction else { return [] }
    if let until = check.heldUntil, check.isHeld(at: now) {
      return [chip(words("state.held", ["day": TimeText.day(until)]), .bad)]
    }
    if item.clearance(at: now) != nil { return [chip(words("state.cleared"), .good)] }
    return [chip(words.code("deconfliction", check.result.rawValue), check.result == .duplicate ? .bad : .wait)]
  }

  private static func referral(_ item: WorkItem, _ words: Words) -> [Node] {
    switch item.referral?.state {
    case nil: []
    case .waiting?: [chip(words("state.waiting"), .wait)]
    case .delivered?: [chip(words("state.delivered"), .wait)]
    case .answered(let outcome, _)?:
      [
        chip(
          words("state.answered", ["outcome": words.code("code", outcome.rawValue)]), outcome.claimsGone ? .good : .bad)
      ]
    case .retracted?: [chip(words("state.retracted"))]
    }
  }

  private static func liveness(_ item: WorkItem, _ words: Words) -> [Node] {
    var nodes: [Node] = []
    if let verdict = item.liveness.verdict {
      let tone: Tone = verdict.isGone ? .good : verdict.isThere ? .bad : .plain
      nodes.append(chip(words("state.seen", ["verdict": words.code("code", verdict.rawValue)]), tone))
    }
    if item.hasReappeared { nodes.append(chip(words("state.reappeared"), .bad)) }
    return nodes
  }
}
