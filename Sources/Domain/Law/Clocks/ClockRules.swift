/// The table of the clocks.
extension ClockRule {
  static func rule(of clock: LegalClock) -> ClockRule {
    switch clock {
    case .firstContact: firstContact
    case .removal: removal
    case .feedback: feedback
    case .obstacle: obstacle
    case .appeal: appeal
    case .copy: copy
    case .ownScrutiny: ownScrutiny
    case .scrutinyRequest: scrutinyRequest
    case .requestedScrutiny: requestedScrutiny
    case .reinstatement: reinstatement
    case .scrutinyNotice: scrutinyNotice
    case .nonDisclosure: nonDisclosure
    case .preservation: preservation
    case .complaint: complaint
    case .threatToLife: threatToLife
    case .exposureWindow: exposureWindow
    case .measuresReport: measuresReport
    case .exposureReview: exposureReview
    case .providerReport: providerReport
    case .commissionReport: commissionReport
    }
  }

  private static let minute: Int64 = 60
  private static let hour: Int64 = 3_600
  private static let day: Int64 = 86_400

  private static let firstContact = ClockRule(
    clock: .firstContact, article: "Article 3(2), recital 17",
    title: "Between the first contact and the first order to a provider", period: .hours(12),
    start:
      "the information on procedures and deadlines is sent to a provider that this authority never ordered before",
    stop: "the period is over; it does not apply in a justified emergency, whose reason stands in the order",
    bound: .issuingAuthority, protects: .provider, nature: .waiting, houseTarget: nil, lead: 15 * minute, note: nil)

  private static let removal = ClockRule(
    clock: .removal, article: "Article 3(3)", title: "Removal, or disabling in all Member States", period: .hours(1),
    start: "the provider's contact point receives the order",
    stop: "the content is removed, or access to it is disabled in all Member States", bound: .provider,
    protects: .provider, nature: .deadline, houseTarget: nil, lead: 15 * minute,
    note: "the notice of the first contact is no time of grace; a full hour starts anew under Article 3(7) and (8)")

  private static let feedback = ClockRule(
    clock: .feedback, article: "Article 3(6), Annex II", title: "Feedback with the time of the measure",
    period: .withoutUndueDelay, start: "the content is removed or disabled", stop: "Annex II is received",
    bound: .provider, protects: .issuingAuthority, nature: .deadline, houseTarget: .hours(24), lead: 4 * hour,
    note: nil)

  private static let obstacle = ClockRule(
    clock: .obstacle, article: "Article 3(7) and (8), Annex III",
    title: "Word that the order can't be carried out, or needs clarification", period: .withoutUndueDelay,
    start: "the provider finds the obstacle", stop: "Annex III is received", bound: .provider,
    protects: .issuingAuthority, nature: .deadline, houseTarget: .hours(1), lead: 15 * minute,
    note:
      "nothing is paused: the hour starts anew, in full, when the obstacle ends or the clarification is received")

  private static let appeal = ClockRule(
    clock: .appeal, article: "Article 3(9), Article 9", title: "Appeal, after which an order is final",
    period: .national, start: "as the country pack says", stop: "the period is over, or a court has confirmed",
    bound: .provider, protects: .provider, nature: .right, houseTarget: nil, lead: 7 * day,
    note: "the content provider has the same right; where no period is confirmed, no order becomes final by time")

  private static let copy = ClockRule(
    clock: .copy, article: "Article 4(1)", title: "Copy of a cross-border order to the home authority",
    period: .simultaneous, start: "the order is sent to the provider", stop: "the copy is sent, with the order",
    bound: .issuingAuthority, protects: .provider, nature: .deadline, houseTarget: nil, lead: 0,
    note: "not within 48 hours, as a public guide has it")

  private static let ownScrutiny = ClockRule(
    clock: .ownScrutiny, article: "Article 4(3)", title: "Scrutiny on the home authority's own initiative",
    period: .hours(72), start: "the home authority receives the copy",
    stop: "a decision is taken, or none is needed", bound: .homeAuthority, protects: .contentProvider,
    nature: .deadline, houseTarget: nil, lead: day, note: nil)

  private static let scrutinyRequest = ClockRule(
    clock: .scrutinyRequest, article: "Article 4(4)", title: "Reasoned request for scrutiny", period: .hours(48),
    start: "the provider receives the order, or the content provider the information of Article 11(2)",
    stop: "the home authority receives the request", bound: .provider, protects: .contentProvider, nature: .right,
    houseTarget: nil, lead: 12 * hour,
    note: "not within 72 hours, as a public guide has it; those are the authority's")

  private static let requestedScrutiny = ClockRule(
    clock: .requestedScrutiny, article: "Article 4(4)", title: "Reasoned decision on a request for scrutiny",
    period: .hours(72),
    start: "the home authority receives the request", stop: "a reasoned decision, whatever it finds",
    bound: .homeAuthority, protects: .contentProvider, nature: .deadline, houseTarget: nil, lead: day, note: nil)

  private static let reinstatement = ClockRule(
    clock: .reinstatement, article: "Article 4(6) and (7)", title: "Reinstatement after a finding of infringement",
    period: .immediately, start: "the provider is told of the decision", stop: "the content is there again",
    bound: .provider, protects: .contentProvider, nature: .deadline, houseTarget: nil, lead: 0,
    note: "the order has no legal effect; the provider may still apply its own terms")

  private static let scrutinyNotice = ClockRule(
    clock: .scrutinyNotice, article: "Article 4(5) and (6)", title: "Telling those concerned of the scrutiny's outcome",
    period: .withoutUndueDelay, start: "the decision is taken",
    stop: "the issuing authority, the provider, the content provider who asked, and Europol are told",
    bound: .homeAuthority, protects: .contentProvider, nature: .deadline, houseTarget: .hours(24), lead: 4 * hour,
    note: "before a finding of infringement the issuing authority is told of the intention, with reasons")

  private static let nonDisclosure = ClockRule(
    clock: .nonDisclosure, article: "Article 11(3)", title: "Non-disclosure towards the content provider",
    period: .weeks(6), start: "the decision on non-disclosure", stop: "the content provider is informed",
    bound: .issuingAuthority, protects: .contentProvider, nature: .limit, houseTarget: nil, lead: 7 * day,
    note: "may be extended once, by six weeks at most: never beyond twelve weeks from the decision")

  private static let preservation = ClockRule(
    clock: .preservation, article: "Article 6(2)", title: "Preservation of the content and its related data",
    period: .months(6), start: "removal or disabling under an order or a specific measure",
    stop: "the period is over; longer only for a pending review, at the request of the authority or the court",
    bound: .provider, protects: .contentProvider, nature: .retention, houseTarget: nil, lead: 14 * day,
    note: "a referral preserves nothing")

  private static let complaint = ClockRule(
    clock: .complaint, article: "Article 10(2)", title: "Outcome of a complaint", period: .weeks(2),
    start: "the complaint is received", stop: "the complainant is told the outcome, with reasons if it is rejected",
    bound: .provider, protects: .contentProvider, nature: .deadline, houseTarget: nil, lead: 3 * day,
    note: "the law's for specific measures; for complaints on referrals and orders a clock of the house, as long")

  private static let threatToLife = ClockRule(
    clock: .threatToLife, article: "Article 14(5)", title: "Word of an imminent threat to life", period: .immediately,
    start: "the provider becomes aware of it", stop: "the authorities of the Member State concerned are informed",
    bound: .provider, protects: .memberState, nature: .deadline, houseTarget: nil, lead: 0,
    note: "the Regulation says promptly; where the Member State is not known, the home contact point and Europol")

  private static let exposureWindow = ClockRule(
    clock: .exposureWindow, article: "Article 5(4)", title: "The months in which final orders are counted",
    period: .months(12), start: "an order becomes final", stop: "the period is over", bound: .oversightAuthority,
    protects: .provider, nature: .window, houseTarget: nil, lead: 0,
    note: "two final orders are an example of a ground; only a decision makes a provider exposed")

  private static let measuresReport = ClockRule(
    clock: .measuresReport, article: "Article 5(5)", title: "Report on specific measures", period: .months(3),
    start: "the provider receives the exposure decision", stop: "the report is received", bound: .provider,
    protects: .provider, nature: .deadline, houseTarget: nil, lead: 14 * day, note: "then every year")

  private static let exposureReview = ClockRule(
    clock: .exposureReview, article: "Article 5(7)", title: "Decision on a request to review an exposure decision",
    period: .months(3), start: "the request is received", stop: "a reasoned decision", bound: .oversightAuthority,
    protects: .provider, nature: .deadline, houseTarget: nil, lead: 14 * day, note: nil)

  private static let providerReport = ClockRule(
    clock: .providerReport, article: "Article 7(2)", title: "The provider's transparency report",
    period: MonthDay(month: 3, day: 1).map(Period.before) ?? .national,
    start: "action is taken in a calendar year", stop: "the report is public", bound: .provider,
    protects: .contentProvider, nature: .deadline, houseTarget: nil, lead: 30 * day, note: nil)

  private static let commissionReport = ClockRule(
    clock: .commissionReport, article: "Article 21(1)", title: "The Member State's data to the Commission",
    period: MonthDay(month: 3, day: 31).map(Period.by) ?? .national, start: "a calendar year",
    stop: "the data are sent", bound: .memberState, protects: .memberState, nature: .deadline, houseTarget: nil,
    lead: 30 * day, note: nil)
}
