/// Where pages are looked at from: a real socket, behind a policy of what may be connected to.
public protocol Prober: Sendable {
  /// Looks at every address, many at a time within the politeness of its provider; findings in the order of the targets.
  ///
  /// A target that can't be reached is a finding like any other; nothing is thrown for it.
  func look(at targets: [LookTarget]) async -> [LookFinding]
}

/// An address to look at.
public struct LookTarget: Sendable, Hashable {
  /// The canonical address.
  public let url: String
  /// The pack that says what a gone page looks like; nil where no pack knows the host.
  public let pack: String?

  public init(url: String, pack: String?) {
    self.url = url
    self.pack = pack
  }
}

/// What one look found.
public struct LookFinding: Sendable, Hashable {
  public let verdict: Verdict
  public let basis: VerdictBasis
  /// The last status, where there was a reply.
  public let status: Int?
  /// Where the last redirect led, absolute.
  public let location: String?
  /// The page's title, white space folded, at most 200 bytes.
  public let title: String?
  /// SHA-256 of the page as it was sent, decoded; nil where there was none.
  public let pageDigest: [UInt8]?
  /// How many bytes the page has, decoded.
  public let pageBytes: Int

  public init(
    verdict: Verdict, basis: VerdictBasis, status: Int? = nil, location: String? = nil, title: String? = nil,
    pageDigest: [UInt8]? = nil, pageBytes: Int = 0
  ) {
    self.verdict = verdict
    self.basis = basis
    self.status = status
    self.location = location
    self.title = title
    self.pageDigest = pageDigest
    self.pageBytes = pageBytes
  }
}
