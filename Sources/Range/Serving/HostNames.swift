import Locators

/// Which provider a `Host` header means.
struct HostNames: Sendable {
  private var exact: [String: RangeProvider] = [:]
  // Ends of hosts, each with its leading dot.
  private var endings: [(ending: String, provider: RangeProvider)] = []
  /// The first host of each provider.
  private(set) var main: [RangeProvider: String] = [:]
  /// Where each provider takes referrals, and how many at once.
  private(set) var intakes: [RangeProvider: (path: String, batch: Int)] = [:]

  init(_ packs: ProviderPacks) throws(RangeFault) {
    for provider in RangeProvider.allCases {
      guard let pack = packs.pack(named: provider.name), let first = pack.hosts.first else {
        throw .packs("there is none for \(provider.name)")
      }
      main[provider] = first.host
      for host in pack.hosts + pack.aliases.map(\.from) {
        if host.isWildcard { endings.append(("." + host.host, provider)) } else { exact[host.host] = provider }
      }
      let intake = pack.referrals
      // What is sent by mail or typed into a form comes here as a request all the same.
      var path = "/api/referrals"
      if intake.channel == .api || intake.channel == .webhook, let address = intake.address,
        let url = try? WebURL(address)
      {
        path = String(decoding: url.path, as: UTF8.self)
      }
      intakes[provider] = (path, intake.batch)
    }
  }

  func provider(of host: String) -> RangeProvider? {
    exact[host] ?? endings.first { host.hasSuffix($0.ending) }?.provider
  }

  /// A `Host` header's value without its port, in lower case.
  static func plain(_ header: String) -> String {
    var header = header
    let isPlain = header.withUTF8 { $0.allSatisfy { $0 != 0x3A && !(0x41...0x5A).contains($0) } }
    return isPlain ? header : header.prefix { $0 != ":" }.lowercased()
  }
}
