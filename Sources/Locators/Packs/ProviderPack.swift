public import Domain

/// What one hosting service looks like: its hosts, what its addresses denote, and how it is spoken to.
///
/// A pack is data. `docs/provider-packs.md` describes the file that it is read from.
public struct ProviderPack: Sendable {
  /// A short ASCII name, unique among all packs.
  public let name: String
  /// The service's name for people.
  public let title: String
  public let service: Service
  /// The file that it was read from.
  public let file: String
  /// The service's own hosts, the canonical one first; `*.x` stands for every host below `x`.
  public let hosts: [HostPattern]
  /// Other hosts of the service, each with the host that replaces it in a canonical locator.
  public let aliases: [Alias]
  /// Whether `http` addresses of this service are the same items as `https` ones.
  public let isAlwaysHTTPS: Bool
  /// The only query parameters that stay on an address that no rule knows; nil: all but the dropped.
  public let keptQuery: ParameterNames?
  /// Query parameters that say nothing about which item it is, besides the general list.
  public let droppedQuery: ParameterNames
  /// Whether what follows `#` belongs to the item's identity.
  public let keepsFragment: Bool
  public let rules: [LocatorRule]
  /// One for each pattern of each rule, in the order in which they are tried.
  let gates: [PatternGate]
  public let contact: Contact
  /// The languages in which the contact point reads, as BCP 47 tags.
  public let languages: [String]
  public let referrals: Intake
  public let orders: Intake
  public let gone: Gone
  /// How many requests a second its pages may be asked for.
  public let requestsPerSecond: Double
  public let samples: [Sample]

  /// One locator rule's words as the pack gives them, for showing.
  public var ruleSources: [(match: [String], kind: ItemKind, canonical: String)] {
    rules.map { ($0.sources, $0.kind, $0.canonicalSource) }
  }

  /// What kind of service it is.
  public enum Service: String, Sendable, Hashable, CaseIterable {
    case videoSharing = "video_sharing"
    case microblog
    case messagingChannels = "messaging_channels"
    case socialNetwork = "social_network"
    case fileHosting = "file_hosting"
    case documentSharing = "document_sharing"
    case imageHosting = "image_hosting"
    case imageBoard = "image_board"
    case audio
    case paste
    case blogHosting = "blog_hosting"
    case forum
    case codeHosting = "code_hosting"
    case webArchive = "web_archive"
    case linkShortener = "link_shortener"
    case linkList = "link_list"
    case searchEngine = "search_engine"
  }

  /// A host, or every host below one.
  public struct HostPattern: Sendable, Hashable, CustomStringConvertible {
    /// The host in lower-case ASCII, without `*.`.
    public let host: String
    /// Whether it stands for the hosts below `host` and not for `host` itself.
    public let isWildcard: Bool

    public var description: String { isWildcard ? "*." + host : host }
  }

  /// A host and the one that a canonical locator has in its place.
  public struct Alias: Sendable, Hashable {
    public let from: HostPattern
    /// A wildcard here repeats what the wildcard of `from` stood for.
    public let to: HostPattern
  }

  /// Where the service can be written to; every part may be unknown.
  public struct Contact: Sendable, Hashable {
    /// A public page that says how.
    public let page: String?
    public let email: String?
    public let note: String?
  }

  /// How one kind of request reaches the service.
  public struct Intake: Sendable, Hashable {
    public let channel: Channel
    /// An endpoint, a mail address or a form's address; nil while unknown.
    public let address: String?
    /// How many items one request may name.
    public let batch: Int
  }

  /// A way of delivery.
  public enum Channel: String, Sendable, Hashable, CaseIterable {
    case api, mail, webhook, portal
    /// Nobody has told us yet.
    case unknown
  }

  /// What an item that is not there any more looks like.
  public struct Gone: Sendable, Hashable {
    public let removed: Appearance
    /// Pages that answer 200 and mean 404.
    public let soft404: Appearance
    public let restricted: Appearance
    public let moved: Appearance
  }

  /// Signs in a reply, any of which is enough.
  public struct Appearance: Sendable, Hashable {
    /// HTTP statuses; one below 300 says nothing by itself, nor does 429 or one above 499.
    public let statuses: [Int]
    /// Words in the page; ASCII case does not matter.
    public let marks: [String]
    /// Where a redirect leads, as a path of the same host.
    public let redirects: [String]
  }

  /// An address with what the pack must make of it.
  public struct Sample: Sendable, Hashable {
    public let line: Int?
    public let url: String
    public let canonical: String
    public let kind: ItemKind
    /// The canonical address of which this is an archive copy.
    public let original: String?
  }
}
