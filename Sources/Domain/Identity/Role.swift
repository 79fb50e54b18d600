/// What a user may do. One person may hold several; the second person of a decision is always another.
public enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
  case analyst
  case linguist
  case reviewer
  case signatory
  case prosecutor
  case coordinator
  case deconflictionOfficer = "deconfliction_officer"
  case evidenceCustodian = "evidence_custodian"
  case redressOfficer = "redress_officer"
  case auditor
  case administrator
  /// A provider's own desk: answers what was sent to it, and sees nothing else.
  case provider

  /// Every role of a unit's own people.
  public static let staff = allCases.filter { $0 != .provider }

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
