public import Domain
public import Storage

/// Something that can be done about an item, and why not, where it can't be done now or not by this person.
public struct NextStep: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case assess, confirm, deconflict, clear
    case overrideHold = "override_hold"
    case refer, retract
  }

  public let kind: Kind
  /// Nil where it can be done.
  public let obstacle: String?

  public var isPossible: Bool { obstacle == nil }
}

extension NextStep {
  /// Every step with its obstacle, by the rules that the use cases apply.
  public static func all(for item: WorkItem, caller: Caller, at now: Instant) -> [NextStep] {
    Kind.allCases.map { kind in
      NextStep(kind: kind, obstacle: missingRight(kind, caller) ?? obstacle(kind, item, caller, now))
    }
  }

  private static func missingRight(_ kind: Kind, _ caller: Caller) -> String? {
    let permission: Permission =
      switch kind {
      case .assess: .assessItems
      case .confirm: .confirmAssessments
      case .deconflict, .clear: .deconflictItems
      case .overrideHold: .overrideHolds
      case .refer: .referItems
      case .retract: .retractReferrals
      }
    return caller.permits(permission) ? nil : "none of your roles may \(permission.sentence)"
  }

  private static func obstacle(_ kind: Kind, _ item: WorkItem, _ caller: Caller, _ now: Instant) -> String? {
    switch kind {
    case .assess: assessObstacle(item)
    case .confirm: confirmObstacle(item, caller)
    case .deconflict: item.confirmedAssessment == nil ? "two people have to find it referable first" : nil
    case .clear: clearObstacle(item, now)
    case .overrideHold: item.deconfliction?.isHeld(at: now) == true ? nil : "nobody asks to wait for it"
    case .refer: referObstacle(item, now)
    case .retract: retractObstacle(item)
    }
  }

  private static func assessObstacle(_ item: WorkItem) -> String? {
    guard case .confirmed? = item.assessment?.state, item.hasReferral else { return nil }
    return "it was referred on its assessment"
  }

  private static func confirmObstacle(_ item: WorkItem, _ caller: Caller) -> String? {
    guard let assessment = item.assessment else { return "it has not been assessed yet" }
    guard case .awaitingSecondPerson = assessment.state else { return "a second person has spoken already" }
    return assessment.assessor == caller.user.id ? "you assessed it yourself" : nil
  }

  private static func clearObstacle(_ item: WorkItem, _ now: Instant) -> String? {
    guard item.confirmedAssessment != nil else { return "two people have to find it referable first" }
    switch item.deconfliction?.clear(at: now) {
    case nil: return "it has to be deconflicted first"
    case .held(let until)?: return "an investigation asks to wait until \(until)"
    case .duplicate?: return "another agency refers it already"
    case .outdated?: return "the check is too old"
    case .clear?: return item.clearance(at: now) == nil ? nil : "it is cleared"
    }
  }

  private static func referObstacle(_ item: WorkItem, _ now: Instant) -> String? {
    switch item.referral?.state {
    case nil, .retracted?, .answered(.refused, _)?: break
    case .waiting?: return "a referral is on its way"
    case .delivered?, .answered?:
      if !item.hasReappeared { return "the provider has a referral of it" }
    }
    if item.confirmedAssessment == nil { return "two people have to find it referable first" }
    if item.deconfliction?.isHeld(at: now) == true { return "an investigation asks to wait" }
    return item.clearance(at: now) == nil ? "it has to be deconflicted and cleared first" : nil
  }

  private static func retractObstacle(_ item: WorkItem) -> String? {
    switch item.referral?.state {
    case nil: "it was not referred"
    case .retracted?: "it was retracted before"
    case .waiting?, .delivered?, .answered?: nil
    }
  }
}
