public import Domain

/// How a provider shows that an item is gone, made ready for many looks.
///
/// Pure: it is told what a reply was and says what that means. What it finds in doubt it calls unknown,
/// because a wrong "removed" ends somebody's attention.
public struct GoneSigns: Sendable {
  /// The four ways of being gone, in the order in which their words count: the more careful claim first.
  enum Sign: Int, CaseIterable {
    case restricted, removed, soft404, moved
  }

  /// What the words of the pack are looked for with.
  public let marks: MarkSet
  private let statuses: [Int: Sign]
  private let redirects: [(path: [UInt8], sign: Sign)]
  private let hosts: [ProviderPack.HostPattern]

  /// The signs of a pack; nil stands for a host that no pack knows.
  public init(_ pack: ProviderPack?) {
    var marks: [(text: String, sign: Int)] = []
    var statuses: [Int: Sign] = [:]
    var redirects: [(path: [UInt8], sign: Sign)] = []
    for sign in Sign.allCases {
      guard let appearance = pack?.gone.appearance(of: sign) else { continue }
      marks += appearance.marks.map { ($0, sign.rawValue) }
      // 429 and 5xx tell of a provider that is busy or keeps robots out, never of an item.
      for status in appearance.statuses where (300..<500).contains(status) && status != 429 {
        statuses[status] = statuses[status] ?? sign
      }
      redirects += appearance.redirects.map { (RedirectPath.trimmed(Array($0.utf8)[...]), sign) }
    }
    self.marks = MarkSet(marks)
    self.statuses = statuses
    self.redirects = redirects
    hosts = pack.map { $0.hosts + $0.aliases.map(\.from) } ?? []
  }

  /// What the reply means; nil for a redirect without a meaning, which has to be followed.
  public func judge(_ reply: PageReply) -> LookJudgement? {
    let status = reply.status
    if (500...599).contains(status) { return .init(.unreachable, .serverError) }
    if (300...399).contains(status) { return redirect(reply) }
    if reply.marks.has(.restricted) { return .init(.restricted, .tombstone) }
    if let sign = statuses[status] { return named(sign, status) }
    if let sign = reply.marks.first { return .init(sign.verdict, sign == .soft404 ? .soft404 : .tombstone) }
    switch status {
    case 404: return .init(.removed, .status404)
    case 410: return .init(.removed, .status410)
    case 451: return .init(.restricted, .status451)
    // It asks for a name and a password: there is something, for others.
    case 401: return .init(.restricted, .status)
    case 200, 203, 206: return .init(.live, .page)
    // 202 is what some gatekeepers send before they let a browser in; 403 and 429 are how they refuse a robot.
    default: return .init(.unknown, .status)
    }
  }

  /// What it means that redirects led from `first` to `last`, where the reply was judged as `found`.
  ///
  /// From `http` to `https`, to or from `www.`, and by one slash at the end is the same page; elsewhere it has moved.
  public func judge(_ found: LookJudgement, from first: WebURL, to last: WebURL) -> LookJudgement {
    guard found.verdict == .live, !RedirectPath.isSamePage(first, last) else { return found }
    return .init(.moved, .redirect)
  }

  private func named(_ sign: Sign, _ status: Int) -> LookJudgement {
    let basis: VerdictBasis =
      switch status {
      case 404: .status404
      case 410: .status410
      case 451: .status451
      default: .status
      }
    return .init(sign.verdict, sign == .soft404 ? .soft404 : basis)
  }

  private func redirect(_ reply: PageReply) -> LookJudgement? {
    guard let location = reply.location else { return .init(.unknown, .status) }
    // The home page may send a visitor to itself (another scheme, a language's host): that is no sign.
    let isHome = RedirectPath.isHome(location) && !RedirectPath.isHome(reply.address)
    if isOwn(location, reply.address) {
      let path = RedirectPath.trimmed(location.path)
      for (wanted, sign) in redirects where path == wanted && (isHome || !wanted.isEmpty) {
        return .init(sign.verdict, sign.basis(isHome: isHome))
      }
      if isHome { return .init(.unknown, .redirectHome) }
    }
    if RedirectPath.isSignIn(location), !RedirectPath.isSignIn(reply.address) {
      return .init(.restricted, .loginWall)
    }
    if let sign = statuses[reply.status] { return .init(sign.verdict, .redirect) }
    return nil
  }

  /// Whether a redirect stays with the provider: the same host but for `www.`, or one of the pack's.
  private func isOwn(_ location: WebURL, _ address: WebURL) -> Bool {
    let host = RedirectPath.withoutWWW(location.host)
    if host == RedirectPath.withoutWWW(address.host) { return true }
    return hosts.contains { $0.covers(location.host) }
  }
}

/// A verdict with the sign that it rests on.
public struct LookJudgement: Sendable, Hashable {
  public let verdict: Verdict
  public let basis: VerdictBasis

  public init(_ verdict: Verdict, _ basis: VerdictBasis) {
    self.verdict = verdict
    self.basis = basis
  }
}

/// A reply, as far as a verdict rests on it.
public struct PageReply: Sendable {
  /// What was asked for, at this hop.
  public let address: WebURL
  public let status: Int
  /// Where a redirect leads, made absolute.
  public let location: WebURL?
  /// Which words of the pack stand on the page.
  public let marks: MarkSet.Found

  public init(address: WebURL, status: Int, location: WebURL? = nil, marks: MarkSet.Found = .init()) {
    self.address = address
    self.status = status
    self.location = location
    self.marks = marks
  }
}

extension GoneSigns.Sign {
  fileprivate var verdict: Verdict {
    switch self {
    case .restricted: .restricted
    case .removed, .soft404: .removed
    case .moved: .moved
    }
  }

  fileprivate func basis(isHome: Bool) -> VerdictBasis {
    switch self {
    case .restricted: .loginWall
    case .soft404: .soft404
    case .removed, .moved: isHome ? .redirectHome : .redirect
    }
  }
}

extension ProviderPack.Gone {
  fileprivate func appearance(of sign: GoneSigns.Sign) -> ProviderPack.Appearance {
    switch sign {
    case .restricted: restricted
    case .removed: removed
    case .soft404: soft404
    case .moved: moved
    }
  }
}

extension ProviderPack.HostPattern {
  /// Whether this host is the one meant, or below it.
  fileprivate func covers(_ name: ArraySlice<UInt8>) -> Bool {
    guard isWildcard else { return name.elementsEqual(host.utf8) }
    let end = name.suffix(host.utf8.count)
    return name.count > host.utf8.count + 1 && end.elementsEqual(host.utf8)
      && name[end.startIndex - 1] == UInt8(ascii: ".")
  }
}
