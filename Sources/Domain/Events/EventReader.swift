/// Reads recorded events back, whatever version they were written in.
public enum EventReader {
  /// The event of these payloads; throws ``EventFault`` for a type or version that this program does not know.
  public static func event(header: EventHeader, facts: [UInt8], personal: [UInt8]?) throws -> any Event {
    guard let type = EventType(rawValue: header.type) else { throw EventFault.unknownType(header.type) }
    let eventType = swiftType(of: type)
    guard header.version == eventType.version else {
      throw EventFault.unknownVersion(header.type, header.version)
    }
    return try eventType.init(
      type: type, subject: header.subject, facts: try JSONObject(parsing: facts),
      personal: try personal.map { bytes throws(JSONFault) in try JSONObject(parsing: bytes) })
  }

  private static func swiftType(of type: EventType) -> any Event.Type {
    switch type {
    case .installationFounded: InstallationFounded.self
    case .agencyAdded: AgencyAdded.self
    case .userAdded: UserAdded.self
    case .rolesChanged: RolesChanged.self
    case .passwordSet: PasswordSet.self
    case .tokenCreated: TokenCreated.self
    case .tokenRevoked: TokenRevoked.self
    case .sessionOpened: SessionOpened.self
    case .sessionClosed: SessionClosed.self
    case .providerRegistered: ProviderRegistered.self
    case .operationOpened: OperationOpened.self
    case .importOpened: ImportOpened.self
    case .importFinished: ImportFinished.self
    case .itemReported: ItemReported.self
    case .itemSighted: ItemSighted.self
    case .itemErased: ItemErased.self
    case .requestAnswered: RequestAnswered.self
    case .operationJoined: OperationJoined.self
    case .hHourSet: HHourSet.self
    case .outletRegistered: OutletRegistered.self
    case .outletObserved: OutletObserved.self
    case .caseOpened: CaseOpened.self
    case .caseFactRecorded: CaseFactRecorded.self
    case .itemAssessed: ItemAssessed.self
    case .assessmentConfirmed: AssessmentConfirmed.self
    case .assessmentReturned: AssessmentReturned.self
    case .interestRegistered: InterestRegistered.self
    case .interestWithdrawn: InterestWithdrawn.self
    case .itemDeconflicted: ItemDeconflicted.self
    case .itemHeld: ItemHeld.self
    case .holdLifted: HoldLifted.self
    case .holdOverridden: HoldOverridden.self
    case .itemCleared: ItemCleared.self
    case .itemReferred: ItemReferred.self
    case .dispatchDelivered: DispatchDelivered.self
    case .dispatchRefused: DispatchRefused.self
    case .referralAnswered: ReferralAnswered.self
    case .referralRetracted: ReferralRetracted.self
    case .recallDelivered: RecallDelivered.self
    case .providerDeskOpened: ProviderDeskOpened.self
    case .looksMade: LooksMade.self
    case .itemSeen: ItemSeen.self
    case .claimContradicted: ClaimContradicted.self
    case .itemReappeared: ItemReappeared.self
    case .itemRelated: ItemRelated.self
    }
  }
}

/// Why a recorded event can't be read.
public enum EventFault: Error, Sendable, Hashable {
  case unknownType(String)
  case unknownVersion(String, Int)
  /// The members of this type's facts contradict each other.
  case malformed(String)
}
