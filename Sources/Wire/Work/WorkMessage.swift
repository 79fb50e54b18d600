public import Domain

/// Where the work on an item stands: each small state machine by itself, null where it has not begun.
public struct WorkMessage: Sendable, Hashable {
  public let assessment: Assessment?
  public let deconfliction: Deconfliction?
  /// The journal index of the hold that is in force or was lifted last.
  public let hold: Int64?
  /// Valid at the moment of the reply.
  public let clearance: Clearance?
  public let referral: Referral?
  public let liveness: Liveness
  public let hasReappeared: Bool

  public init(
    assessment: Assessment?, deconfliction: Deconfliction?, hold: Int64?, clearance: Clearance?, referral: Referral?,
    liveness: Liveness, hasReappeared: Bool
  ) {
    self.assessment = assessment
    self.deconfliction = deconfliction
    self.hold = hold
    self.clearance = clearance
    self.referral = referral
    self.liveness = liveness
    self.hasReappeared = hasReappeared
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("assessment")
      if let assessment { Self.write(assessment, to: &json) } else { json.null() }
      json.key("clearance")
      if let clearance { Self.write(clearance, to: &json) } else { json.null() }
      json.key("deconfliction")
      if let deconfliction { Self.write(deconfliction, hold: hold, to: &json) } else { json.null() }
      json.key("liveness")
      Self.write(liveness, hasReappeared, to: &json)
      json.key("referral")
      if let referral { Self.write(referral, to: &json) } else { json.null() }
    }
  }

  private static func write(_ assessment: Assessment, to json: inout JSONWriter) {
    json.object { json in
      json.key("assessor")
      json.identifier(assessment.assessor.identifier)
      json.key("categories")
      json.array { json in for category in assessment.categories { json.string(category.rawValue) } }
      json.key("decision")
      json.string(assessment.decision.rawValue)
      json.key("journal_index")
      json.integer(assessment.index)
      json.key("second")
      switch assessment.state {
      case .awaitingSecondPerson: json.null()
      case .confirmed(let user), .returned(let user): json.identifier(user.identifier)
      }
      json.key("state")
      switch assessment.state {
      case .awaitingSecondPerson: json.string("awaiting_second_person")
      case .confirmed: json.string("confirmed")
      case .returned: json.string("returned")
      }
    }
  }

  private static func write(_ clearance: Clearance, to json: inout JSONWriter) {
    json.object { json in
      json.key("journal_index")
      json.integer(clearance.index)
      json.key("valid_until")
      json.instant(clearance.validUntil)
    }
  }

  private static func write(_ check: Deconfliction, hold: Int64?, to json: inout JSONWriter) {
    json.object { json in
      json.key("held_until")
      json.optional(check.heldUntil)
      json.key("hold")
      json.optional(hold)
      json.key("journal_index")
      json.integer(check.index)
      json.key("result")
      json.string(check.result.rawValue)
      json.key("valid_until")
      json.instant(check.validUntil)
    }
  }

  private static func write(_ liveness: Liveness, _ hasReappeared: Bool, to json: inout JSONWriter) {
    json.object { json in
      json.key("first_gone_at")
      json.optional(liveness.firstGoneAt)
      json.key("last_live_at")
      json.optional(liveness.lastLiveAt)
      json.key("reappeared")
      json.boolean(hasReappeared)
      json.key("verdict")
      json.optional(liveness.verdict?.rawValue)
    }
  }

  private static func write(_ referral: Referral, to json: inout JSONWriter) {
    json.object { json in
      json.key("delivered_at")
      switch referral.state {
      case .delivered(let instant), .answered(_, let instant): json.instant(instant)
      case .waiting, .retracted: json.null()
      }
      json.key("id")
      json.identifier(referral.id.identifier)
      json.key("outcome")
      if case .answered(let outcome, _) = referral.state { json.string(outcome.rawValue) } else { json.null() }
      json.key("provider")
      json.identifier(referral.provider.identifier)
      json.key("state")
      switch referral.state {
      case .waiting: json.string("waiting")
      case .delivered: json.string("delivered")
      case .answered: json.string("answered")
      case .retracted: json.string("retracted")
      }
    }
  }
}
