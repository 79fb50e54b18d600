/// The table of the clocks.
extension ClockRule {
  static func rule(of clock: LegalClock) -> ClockRule {
    switch clock {
    case .firstContact, .removal, .feedback, .obstacle, .appeal: order(clock)
    case .copy, .ownScrutiny, .scrutinyRequest, .requestedScrutiny, .reinstatement, .scrutinyNotice:
      scrutiny(clock)
    case .nonDisclosure, .preservation, .complaint, .threatToLife: safeguard(clock)
    case .exposureWindow, .measuresReport, .exposureReview, .providerReport, .commissionReport:
      oversight(clock)
    }
  }

  private static let minute: Int64 = 60
  private static let hour: Int64 = 3_600
  private static let day: Int64 = 86_400

  private static func order(_ clock: LegalClock) -> ClockRule {
    switch clock {
    case .firstContact:
      ClockRule(
        clock: clock, article: "Article 3(2), recital 17",
        title: "Between the first contact and the first order to a provider", period: .hours(12),
        start:
          "the information on procedures and deadlines is sent to a provider that this authority never ordered before",
        stop: "the period is over; it does not apply in a justified emergency, whose reason stands in the order",
        bound: .issuingAuthority, protects: .provider, nature: .waiting, houseTarget: nil, lead: 15 * minute, note: nil)
    case .removal:
      ClockRule(
        clock: clock, article: "Article 3(3)", title: "Removal, or disabling in all Member States", period: .hours(1),
        start: "the provider's contact point receives the order",
        stop: "the content is removed, or access to it is disabled in all Member States", bound: .provider,
        protects: .provider, nature: .deadline, houseTarget: nil, lead: 15 * minute,
        note: "the notice of the first contact is no time of grace; a full hour starts anew under Article 3(7) and (8)")
    case .feedback:
      ClockRule(
        clock: clock, article: "Article 3(6), Annex II", title: "Feedback with the time of the measure",
        period: .withoutUndueDelay, start: "the content is removed or disabled", stop: "Annex II is received",
        bound: .provider, protects: .issuingAuthority, nature: .deadline, houseTarget: .hours(24), lead: 4 * hour,
        note: nil)
    case .obstacle:
      ClockRule(
        clock: clock, article: "Article 3(7) and (8), Annex III",
        title: "Word that the order can't be carried out, or needs clarification", period: .withoutUndueDelay,
        start: "the provider finds the obstacle", stop: "Annex III is received", bound: .provider,
        protects: .issuingAuthority, nature: .deadline, houseTarget: .hours(1), lead: 15 * minute,
        note:
          "nothing is paused: the hour starts anew, in full, when the obstacle ends or the clarification is received")
    default:
      ClockRule(
        clock: clock, article: "Article 3(9), Article 9", title: "Appeal, after which an order is final",
        period: .national, start: "as the country pack says", stop: "the period is over, or a court has confirmed",
        bound: .provider, protects: .provider, nature: .right, houseTarget: nil, lead: 7 * day,
        note: "the content provider has the same right; where no period is confirmed, no order becomes final by time")
    }
  }

  private static func scrutiny(_ clock: LegalClock) -> ClockRule {
    switch clock {
    case .copy:
      ClockRule(
        clock: clock, article: "Article 4(1)", title: "Copy of a cross-border order to the home authority",
        period: .simultaneous, start: "the order is sent to the provider", stop: "the copy is sent, with the order",
        bound: .issuingAuthority, protects: .provider, nature: .deadline, houseTarget: nil, lead: 0,
        note: "not within 48 hours, as a public guide has it")
    case .ownScrutiny:
      ClockRule(
        clock: clock, article: "Article 4(3)", title: "Scrutiny on the home authority's own initiative",
        period: .hours(72), start: "the home authority receives the copy",
        stop: "a decision is taken, or none is needed", bound: .homeAuthority, protects: .contentProvider,
        nature: .deadline, houseTarget: nil, lead: day, note: nil)
    case .scrutinyRequest:
      ClockRule(
        clock: clock, article: "Article 4(4)", title: "Reasoned request for scrutiny", period: .hours(48),
        start: "the provider receives the order, or the content provider the information of Article 11(2)",
        stop: "the home authority receives the request", bound: .provider, protects: .contentProvider, nature: .right,
        houseTarget: nil, lead: 12 * hour,
        note: "not within 72 hours, as a public guide has it; those are the authority's")
    case .requestedScrutiny:
      ClockRule(
        clock: clock, article: "Article 4(4)", title: "Reasoned decision on a request for scrutiny", period: .hours(72),
        start: "the home authority receives the request", stop: "a reasoned decision, whatever it finds",
        bound: .homeAuthority, protects: .contentProvider, nature: .deadline, houseTarget: nil, lead: day, note: nil)
    case .reinstatement:
      ClockRule(
        clock: clock, article: "Article 4(6) and (7)", title: "Reinstatement after a finding of infringement",
        period: .immediately, start: "the provider is told of the decision", stop: "the content is there again",
        bound: .provider, protects: .contentProvider, nature: .deadline, houseTarget: nil, lead: 0,
        note: "the order has no legal effect; the provider may still apply its own terms")
    default:
      ClockRule(
        clock: clock, article: "Article 4(5) and (6)", title: "Telling those concerned of the scrutiny's outcome",
        period: .withoutUndueDelay, start: "the decision is taken",
        stop: "the issuing authority, the provider, the content provider who asked, and Europol are told",
        bound: .homeAuthority, protects: .contentProvider, nature: .deadline, houseTarget: .hours(24), lead: 4 * hour,
        note: "before a finding of infringement the issuing authority is told of the intention, with reasons")
    }
  }

  private static func safeguard(_ clock: LegalClock) -> ClockRule {
    switch clock {
    case .nonDisclosure:
      ClockRule(
        clock: clock, article: "Article 11(3)", title: "Non-disclosure towards the content provider",
        period: .weeks(6), start: "the decision on non-disclosure", stop: "the content provider is informed",
        bound: .issuingAuthority, protects: .contentProvider, nature: .limit, houseTarget: nil, lead: 7 * day,
        note: "may be extended once, by six weeks at most: never beyond twelve weeks from the decision")
    case .preservation:
      ClockRule(
        clock: clock, article: "Article 6(2)", title: "Preservation of the content and its related data",
        period: .months(6), start: "removal or disabling under an order or a specific measure",
        stop: "the period is over; longer only for a pending review, at the request of the authority or the court",
        bound: .provider, protects: .contentProvider, nature: .retention, houseTarget: nil, lead: 14 * day,
        note: "a referral preserves nothing")
    case .complaint:
      ClockRule(
        clock: clock, article: "Article 10(2)", title: "Outcome of a complaint", period: .weeks(2),
        start: "the complaint is received", stop: "the complainant is told the outcome, with reasons if it is rejected",
        bound: .provider, protects: .contentProvider, nature: .deadline, houseTarget: nil, lead: 3 * day,
        note: "the law's for specific measures; for complaints on referrals and orders a clock of the house, as long")
    default:
      ClockRule(
        clock: clock, article: "Article 14(5)", title: "Word of an imminent threat to life", period: .immediately,
        start: "the provider becomes aware of it", stop: "the authorities of the Member State concerned are informed",
        bound: .provider, protects: .memberState, nature: .deadline, houseTarget: nil, lead: 0,
        note: "the Regulation says promptly; where the Member State is not known, the home contact point and Europol")
    }
  }

  private static func oversight(_ clock: LegalClock) -> ClockRule {
    switch clock {
    case .exposureWindow:
      ClockRule(
        clock: clock, article: "Article 5(4)", title: "The months in which final orders are counted",
        period: .months(12), start: "an order becomes final", stop: "the period is over", bound: .oversightAuthority,
        protects: .provider, nature: .window, houseTarget: nil, lead: 0,
        note: "two final orders are an example of a ground; only a decision makes a provider exposed")
    case .measuresReport:
      ClockRule(
        clock: clock, article: "Article 5(5)", title: "Report on specific measures", period: .months(3),
        start: "the provider receives the exposure decision", stop: "the report is received", bound: .provider,
        protects: .provider, nature: .deadline, houseTarget: nil, lead: 14 * day, note: "then every year")
    case .exposureReview:
      ClockRule(
        clock: clock, article: "Article 5(7)", title: "Decision on a request to review an exposure decision",
        period: .months(3), start: "the request is received", stop: "a reasoned decision", bound: .oversightAuthority,
        protects: .provider, nature: .deadline, houseTarget: nil, lead: 14 * day, note: nil)
    case .providerReport:
      ClockRule(
        clock: clock, article: "Article 7(2)", title: "The provider's transparency report",
        period: MonthDay(month: 3, day: 1).map(Period.before) ?? .national,
        start: "action is taken in a calendar year", stop: "the report is public", bound: .provider,
        protects: .contentProvider, nature: .deadline, houseTarget: nil, lead: 30 * day, note: nil)
    default:
      ClockRule(
        clock: clock, article: "Article 21(1)", title: "The Member State's data to the Commission",
        period: MonthDay(month: 3, day: 31).map(Period.by) ?? .national, start: "a calendar year",
        stop: "the data are sent", bound: .memberState, protects: .memberState, nature: .deadline, houseTarget: nil,
        lead: 30 * day, note: nil)
    }
  }
}
