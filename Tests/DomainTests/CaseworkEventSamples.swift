import Domain

/// The events of the work on items.
extension EventSample {
  static let casework = operations + decisions + deconfliction + referrals + looks

  private static let noon = Instant(microseconds: 1_795_465_811_123_456)
  private static let item = ID<Item>(id(11))
  private static let operation = ID<Operation>(id(9))
  private static let referral = ID<Referral>(id(12))

  private static let operations = [
    EventSample(
      OperationJoined(operation: operation, agency: ID(id(2))),
      facts: #"{"agency":"01980000-0000-7002-8000-000000000002"}"#),
    EventSample(HHourSet(operation: operation, hHour: noon), facts: #"{"h_hour":"2026-11-23T20:30:11.123456Z"}"#),
    EventSample(
      OutletRegistered(
        outlet: ID(id(13)), agency: ID(id(2)), operation: operation, nameDigest: digest, reviewAt: noon,
        name: "The Beacon"),
      facts: #"{"agency":"01980000-0000-7002-8000-000000000002","name_digest":"007fabff","#
        + #""operation":"01980000-0000-7009-8000-000000000009","review_at":"2026-11-23T20:30:11.123456Z"}"#,
      personal: #"{"name":"The Beacon"}"#),
    EventSample(
      OutletObserved(outlet: ID(id(13)), day: noon, posts: 31, accounts: 7, reach: 12_000),
      facts: #"{"accounts":7,"day":"2026-11-23T20:30:11.123456Z","posts":31,"reach":12000}"#),
    EventSample(
      CaseOpened(
        caseFile: ID(id(14)), agency: ID(id(2)), operation: operation, prosecutor: ID(id(4)), referenceDigest: digest,
        reference: "12 Js 34/26"),
      facts: #"{"agency":"01980000-0000-7002-8000-000000000002","operation":"01980000-0000-7009-8000-000000000009","#
        + #""prosecutor":"01980000-0000-7004-8000-000000000004","reference_digest":"007fabff"}"#,
      personal: #"{"reference":"12 Js 34/26"}"#),
    EventSample(
      CaseFactRecorded(caseFile: ID(id(14)), kind: .preservationRequest, happenedAt: noon, note: "by courier"),
      facts: #"{"happened_at":"2026-11-23T20:30:11.123456Z","kind":"preservation_request"}"#,
      personal: #"{"note":"by courier"}"#),
    EventSample(
      ProviderDeskOpened(provider: ID(id(8)), user: ID(id(4))),
      facts: #"{"user":"01980000-0000-7004-8000-000000000004"}"#),
  ]

  private static let decisions = [
    EventSample(
      ItemAssessed(
        item: item, reportIndex: 9, decision: .refer, categories: [.incite, .threat],
        factors: [.context, .sanctionsList], exempt: [], usedMachineHelp: true, reasons: "glorifies"),
      facts: #"{"categories":["INCITE","THREAT"],"decision":"refer","exempt":[],"#
        + #""factors":["context","sanctions_list"],"machine_help":true,"report_index":9}"#,
      personal: #"{"reasons":"glorifies"}"#),
    EventSample(
      AssessmentConfirmed(item: item, reportIndex: 9, assessment: 21), facts: #"{"assessment":21,"report_index":9}"#),
    EventSample(
      AssessmentReturned(item: item, reportIndex: 9, assessment: 21, reason: "a newspaper"),
      facts: #"{"assessment":21,"report_index":9}"#, personal: #"{"reason":"a newspaper"}"#),
  ]

  private static let deconfliction = [
    EventSample(
      InterestRegistered(
        interest: ID(id(15)), agency: ID(id(2)), locator: LocatorDigest(high: 1, low: 0xFF), until: noon,
        note: "case 7"),
      facts: #"{"agency":"01980000-0000-7002-8000-000000000002","locator":"000000000000000100000000000000ff","#
        + #""until":"2026-11-23T20:30:11.123456Z"}"#,
      personal: #"{"note":"case 7"}"#),
    EventSample(InterestWithdrawn(interest: ID(id(15))), facts: "{}"),
    EventSample(
      ItemDeconflicted(item: item, reportIndex: 9, result: .interest, validUntil: noon),
      facts: #"{"report_index":9,"result":"interest","valid_until":"2026-11-23T20:30:11.123456Z"}"#),
    EventSample(
      ItemHeld(item: item, reportIndex: 9, check: 22, until: noon),
      facts: #"{"check":22,"report_index":9,"until":"2026-11-23T20:30:11.123456Z"}"#),
    EventSample(HoldLifted(item: item, reportIndex: 9, hold: 23), facts: #"{"hold":23,"report_index":9}"#),
    EventSample(
      HoldOverridden(item: item, reportIndex: 9, hold: 23, reason: "life at risk"),
      facts: #"{"hold":23,"report_index":9}"#, personal: #"{"reason":"life at risk"}"#),
    EventSample(
      ItemCleared(item: item, reportIndex: 9, check: 22, validUntil: noon),
      facts: #"{"check":22,"report_index":9,"valid_until":"2026-11-23T20:30:11.123456Z"}"#),
  ]

  private static let referrals = [
    EventSample(
      ItemReferred(
        item: item, reportIndex: 9, referral: referral, provider: ID(id(8)), operation: operation, assessment: 21,
        clearance: 24, categories: [.instruct], dueAt: noon, clause: "4.2"),
      facts: #"{"assessment":21,"categories":["INSTRUCT"],"clearance":24,"due_at":"2026-11-23T20:30:11.123456Z","#
        + #""operation":"01980000-0000-7009-8000-000000000009","provider":"01980000-0000-7008-8000-000000000008","#
        + #""referral":"01980000-0000-700c-8000-00000000000c","report_index":9}"#,
      personal: #"{"clause":"4.2"}"#),
    EventSample(
      DispatchDelivered(
        item: item, reportIndex: 9, referral: referral, delivery: [0x0A], bodyDigest: digest, attempts: 3,
        channel: "api", reference: "T-1"),
      facts: #"{"attempts":3,"body_digest":"007fabff","channel":"api","delivery":"0a","#
        + #""referral":"01980000-0000-700c-8000-00000000000c","report_index":9}"#,
      personal: #"{"reference":"T-1"}"#),
    EventSample(
      DispatchRefused(item: item, reportIndex: 9, referral: referral, delivery: [0x0A], reason: "not ours"),
      facts: #"{"delivery":"0a","referral":"01980000-0000-700c-8000-00000000000c","report_index":9}"#,
      personal: #"{"reason":"not ours"}"#),
    EventSample(
      ReferralAnswered(
        item: item, reportIndex: 9, referral: referral, outcome: .geoBlocked, decidedAt: noon, reason: "law of X",
        reference: "T-1"),
      facts: #"{"decided_at":"2026-11-23T20:30:11.123456Z","outcome":"geo_blocked","#
        + #""referral":"01980000-0000-700c-8000-00000000000c","report_index":9}"#,
      personal: #"{"reason":"law of X","reference":"T-1"}"#),
    EventSample(
      ReferralRetracted(item: item, reportIndex: 9, referral: referral, wasDelivered: true, reason: "our mistake"),
      facts: #"{"referral":"01980000-0000-700c-8000-00000000000c","report_index":9,"was_delivered":true}"#,
      personal: #"{"reason":"our mistake"}"#),
    EventSample(
      RecallDelivered(item: item, reportIndex: 9, referral: referral, delivery: [0x0B]),
      facts: #"{"delivery":"0b","referral":"01980000-0000-700c-8000-00000000000c","report_index":9}"#),
  ]

  private static let looks = [
    EventSample(
      LooksMade(round: ID(id(16)), items: [9, 12], lookedAt: noon, segment: digest, verdicts: "LR"),
      facts: #"{"items":[9,12],"looked_at":"2026-11-23T20:30:11.123456Z","segment":"007fabff","verdicts":"LR"}"#),
    EventSample(
      LooksMade(round: ID(id(16)), items: [9], lookedAt: noon, segment: digest, verdicts: "S", isByHand: true),
      facts: #"{"by_hand":true,"items":[9],"looked_at":"2026-11-23T20:30:11.123456Z","segment":"007fabff","#
        + #""verdicts":"S"}"#),
    EventSample(
      ItemSeen(
        item: item, reportIndex: 9, verdict: .moved, basis: .redirect, status: 301, seenAt: noon, lastLiveAt: noon,
        title: digest, location: "https://y.example/"),
      facts: #"{"basis":"redirect","last_live_at":"2026-11-23T20:30:11.123456Z","report_index":9,"#
        + #""seen_at":"2026-11-23T20:30:11.123456Z","status":301,"title":"007fabff","verdict":"moved"}"#,
      personal: #"{"location":"https://y.example/"}"#),
    EventSample(
      ClaimContradicted(item: item, reportIndex: 9, referral: referral, answer: 31, seenAt: noon),
      facts: #"{"answer":31,"referral":"01980000-0000-700c-8000-00000000000c","report_index":9,"#
        + #""seen_at":"2026-11-23T20:30:11.123456Z"}"#),
    EventSample(
      ItemReappeared(item: item, reportIndex: 9, cause: .look, goneAt: noon),
      facts: #"{"cause":"look","gone_at":"2026-11-23T20:30:11.123456Z","report_index":9}"#),
    EventSample(
      ItemRelated(item: item, reportIndex: 9, relation: .successor, original: ID(id(17))),
      facts: #"{"original":"01980000-0000-7011-8000-000000000011","relation":"successor","report_index":9}"#),
  ]

  /// The same types with everything left out that may be.
  static let sparseCasework = [
    EventSample(HHourSet(operation: operation, hHour: nil), facts: "{}"),
    EventSample(
      OutletRegistered(
        outlet: ID(id(13)), agency: ID(id(2)), operation: nil, nameDigest: digest, reviewAt: noon, name: nil),
      facts: #"{"agency":"01980000-0000-7002-8000-000000000002","name_digest":"007fabff","#
        + #""review_at":"2026-11-23T20:30:11.123456Z"}"#),
    EventSample(
      CaseOpened(
        caseFile: ID(id(14)), agency: ID(id(2)), operation: nil, prosecutor: nil, referenceDigest: digest,
        reference: nil),
      facts: #"{"agency":"01980000-0000-7002-8000-000000000002","reference_digest":"007fabff"}"#),
    EventSample(
      ItemAssessed(
        item: item, reportIndex: 9, decision: .reject, categories: [], factors: [], exempt: [.journalism, .satire],
        usedMachineHelp: false, reasons: nil),
      facts: #"{"categories":[],"decision":"reject","exempt":["journalism","satire"],"factors":[],"#
        + #""machine_help":false,"report_index":9}"#),
    EventSample(
      ItemReferred(
        item: item, reportIndex: 9, referral: referral, provider: ID(id(8)), operation: nil, assessment: 21,
        clearance: 24, categories: [], dueAt: nil, clause: nil),
      facts: #"{"assessment":21,"categories":[],"clearance":24,"provider":"01980000-0000-7008-8000-000000000008","#
        + #""referral":"01980000-0000-700c-8000-00000000000c","report_index":9}"#),
    EventSample(
      LooksMade(round: ID(id(16)), items: [], lookedAt: noon, segment: digest, verdicts: ""),
      facts: #"{"items":[],"looked_at":"2026-11-23T20:30:11.123456Z","segment":"007fabff","verdicts":""}"#),
    EventSample(
      ItemSeen(
        item: item, reportIndex: 9, verdict: .unreachable, basis: .timeout, status: nil, seenAt: noon,
        lastLiveAt: nil, title: nil, location: nil),
      facts: #"{"basis":"timeout","report_index":9,"seen_at":"2026-11-23T20:30:11.123456Z","#
        + #""verdict":"unreachable"}"#),
    EventSample(
      ItemReappeared(item: item, reportIndex: 9, cause: .report, goneAt: nil),
      facts: #"{"cause":"report","report_index":9}"#),
  ]
}
