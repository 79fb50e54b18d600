/// A purpose that takes content out of the Regulation (Article 1(3), recital 12), and four safeguards of our own.
public enum Exemption: String, Sendable, Hashable, CaseIterable, Comparable {
  case education
  case journalism
  case art
  case research
  /// Preventing, countering or raising awareness against terrorism.
  case countering
  /// Polemic, radical or controversial views in public debate.
  case controversialViews = "controversial_views"
  /// Ours: documentation of human-rights violations, possible evidence.
  case humanRights = "human_rights"
  /// Ours.
  case satire
  /// Ours: a library or an archive.
  case archive
  /// Ours: footage by or of victims and bystanders.
  case bystander

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// For each exemption a yes or a no; nothing may be sent while one is open.
public struct ExemptionRecord: Sendable, Hashable {
  /// The purposes that were found to apply, each with its reason where one was given.
  public let applying: Set<Exemption>
  /// The purposes that were looked at and found not to apply.
  public let excluded: Set<Exemption>

  public init(applying: Set<Exemption>, excluded: Set<Exemption>) {
    self.applying = applying
    self.excluded = excluded.subtracting(applying)
  }

  /// Each was looked at and none applies.
  public static let noneApplies = ExemptionRecord(applying: [], excluded: Set(Exemption.allCases))

  /// What nobody has answered yet.
  public var open: [Exemption] {
    Exemption.allCases.filter { !applying.contains($0) && !excluded.contains($0) }
  }

  public var isComplete: Bool { open.isEmpty }
}
