/// A removal order as Annex I of Regulation (EU) 2021/784 sets it out, section by section.
///
/// It is what is signed and sent. The template may hold gaps; ``defects(at:)`` names every element of Article 3(4)
/// that is missing, and nothing with a defect is ever signed.
public struct RemovalOrderForm: Sendable, Hashable {
  /// Section E: what kind of authority issues.
  public enum AuthorityKind: String, Sendable, Hashable, CaseIterable {
    /// A judge, a court or an investigating judge.
    case judicial
    case lawEnforcement = "law_enforcement"
    /// Another competent authority; section F then names whom to ask.
    case other
  }

  /// Section E: who issues.
  public struct Authority: Sendable, Hashable {
    public var kind: AuthorityKind
    public var name: String
    public var representative: String
    /// Post held, and grade.
    public var post: String
    public var fileNumber: String
    public var address: String
    public var telephone: String
    public var fax: String?
    public var email: String

    public init(
      kind: AuthorityKind, name: String, representative: String, post: String, fileNumber: String, address: String,
      telephone: String, fax: String? = nil, email: String
    ) {
      self.kind = kind
      self.name = name
      self.representative = representative
      self.post = post
      self.fileNumber = fileNumber
      self.address = address
      self.telephone = telephone
      self.fax = fax
      self.email = email
    }
  }

  /// Section G: where the order can be challenged.
  public struct Redress: Sendable, Hashable {
    /// The body or court.
    public var body: String
    /// The deadline, and the event from which it runs, in words.
    public var deadline: String
    /// A link to the national provisions.
    public var link: String

    public init(body: String, deadline: String, link: String) {
      self.body = body
      self.deadline = deadline
      self.link = link
    }
  }

  /// The language that the form is written in, such as `nl`.
  public var language: String
  // Section A.
  /// The issuing Member State, ISO 3166-1 alpha-2.
  public var issuingState: String
  public var addressee: String
  public var representative: String?
  /// The contact point of Article 15, as an address of mail or an endpoint.
  public var contactPoint: String
  /// Where the provider has its main establishment or its representative resides or is established; nil where neither is known.
  public var homeState: String?
  /// When it was issued; nil in a draft.
  public var issuedAt: Instant?
  /// Minutes east of UTC at the place of issue.
  public var utcOffsetMinutes: Int64
  /// The reference number, set when it is issued.
  public var reference: String?
  // Section B.
  /// The exact addresses, as they are to be removed.
  public var urls: [String]
  /// What else locates the content: a message number, a time mark.
  public var locating: String?
  public var categories: [ContentCategory]
  /// Why the content is terrorist content.
  public var reasons: String
  public var furtherReasons: String?
  /// Article 3(2): why the order leaves without the twelve hours; nil where they were kept.
  public var emergency: String?
  // Section C.
  /// Whether the addressee must not tell the content provider, for public security (Article 11(3)).
  public var isNonDisclosure: Bool
  // Section D.
  /// Whether a copy goes to the home authority: the home Member State is another one.
  public var hasCopy: Bool
  // Sections E to G.
  public var authority: Authority
  /// Whom to ask and to tell; section F.
  public var feedbackContact: String
  /// The contact point of the home authority, where there is a copy.
  public var homeAuthorityContact: String?
  public var redress: Redress

  public init(
    language: String, issuingState: String, addressee: String, representative: String? = nil, contactPoint: String,
    homeState: String?, issuedAt: Instant? = nil, utcOffsetMinutes: Int64 = 0, reference: String? = nil,
    urls: [String], locating: String? = nil, categories: [ContentCategory], reasons: String,
    furtherReasons: String? = nil, emergency: String? = nil, isNonDisclosure: Bool = false, hasCopy: Bool,
    authority: Authority, feedbackContact: String, homeAuthorityContact: String? = nil, redress: Redress
  ) {
    self.language = language
    self.issuingState = issuingState
    self.addressee = addressee
    self.representative = representative
    self.contactPoint = contactPoint
    self.homeState = homeState
    self.issuedAt = issuedAt
    self.utcOffsetMinutes = utcOffsetMinutes
    self.reference = reference
    self.urls = urls
    self.locating = locating
    self.categories = categories
    self.reasons = reasons
    self.furtherReasons = furtherReasons
    self.emergency = emergency
    self.isNonDisclosure = isNonDisclosure
    self.hasCopy = hasCopy
    self.authority = authority
    self.feedbackContact = feedbackContact
    self.homeAuthorityContact = homeAuthorityContact
    self.redress = redress
  }
}
