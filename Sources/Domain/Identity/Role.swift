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

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
