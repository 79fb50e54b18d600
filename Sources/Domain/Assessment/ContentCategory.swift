/// What makes content terrorist content: the five letters of Regulation (EU) 2021/784, Article 2(7).
public enum ContentCategory: String, Sendable, Hashable, CaseIterable, Comparable {
  /// (a) Inciting an offence, directly or by glorifying, so that it may be committed.
  case incite = "INCITE"
  /// (b) Asking people to commit or to contribute to an offence.
  case solicitOffence = "SOLICIT_OFFENCE"
  /// (c) Asking people to take part in a terrorist group.
  case solicitGroup = "SOLICIT_GROUP"
  /// (d) Instructing in making or using weapons, hazardous substances or other methods.
  case instruct = "INSTRUCT"
  /// (e) Threatening to commit an offence.
  case threat = "THREAT"

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// What an assessment weighs (recital 11).
public enum AssessmentFactor: String, Sendable, Hashable, CaseIterable, Comparable {
  case wording
  case context
  case potentialForHarm = "potential_for_harm"
  /// The producer or disseminator is on the Union's sanctions list: important, not sufficient.
  case sanctionsList = "sanctions_list"

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
