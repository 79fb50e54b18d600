/// A propaganda outlet whose network is watched: on a basis, until a review.
public struct Outlet: Sendable, Hashable {
  public let id: ID<Outlet>
  public let agency: ID<Agency>
  public let operation: ID<Operation>?
  public let name: String?
  /// When the watch must be reviewed (Directive (EU) 2016/680, Article 5).
  public let reviewAt: Instant

  public init(id: ID<Outlet>, agency: ID<Agency>, operation: ID<Operation>?, name: String?, reviewAt: Instant) {
    self.id = id
    self.agency = agency
    self.operation = operation
    self.name = name
    self.reviewAt = reviewAt
  }
}

/// A national file behind an operation, with the prosecutor who leads it.
public struct CaseFile: Sendable, Hashable {
  public let id: ID<CaseFile>
  public let agency: ID<Agency>
  public let operation: ID<Operation>?
  public let prosecutor: ID<User>?
  /// The file number; nil once it was erased.
  public let reference: String?

  public init(
    id: ID<CaseFile>, agency: ID<Agency>, operation: ID<Operation>?, prosecutor: ID<User>?, reference: String?
  ) {
    self.id = id
    self.agency = agency
    self.operation = operation
    self.prosecutor = prosecutor
    self.reference = reference
  }
}

/// What happened in a case, as a fact on record.
public enum CaseFactKind: String, Sendable, Hashable, CaseIterable {
  case suspect
  case search
  case arrest
  /// A preservation request: it leaves before a referral can tip anyone off.
  case preservationRequest = "preservation_request"
  case hearing
}

/// How one item stands to another.
public enum ItemRelation: String, Sendable, Hashable, CaseIterable {
  /// The same work at another address.
  case copy
  /// The account or channel that took the place of another.
  case successor
  case archiveCopy = "archive_copy"
}
