public import Domain
public import Locators

/// How one provider is reached.
public struct DispatchRoute: Sendable, Hashable {
  public let channel: ProviderPack.Channel
  public let url: String
  public let authentication: Parcel.Authentication
  /// How many messages one request carries.
  public let batch: Int

  public init(channel: ProviderPack.Channel, url: String, authentication: Parcel.Authentication, batch: Int) {
    self.channel = channel
    self.url = url
    self.authentication = authentication
    self.batch = max(1, batch)
  }
}

/// Which providers can be reached from here, by the name of their pack.
public struct DispatchRoutes: Sendable {
  private let routes: [String: DispatchRoute]

  public init(_ routes: [String: DispatchRoute]) { self.routes = routes }

  /// Nil where there is no channel that this installation can use; what waits for it stays in the outbox.
  public func route(toPack pack: String?) -> DispatchRoute? { pack.flatMap { routes[$0] } }
}

extension DispatchRoutes {
  /// The packs' own API and webhook addresses, with the credentials that the installation has for them.
  ///
  /// Mail and portals are no channels of this version.
  public init(packs: ProviderPacks, credentials: [String: Parcel.Authentication]) {
    var routes: [String: DispatchRoute] = [:]
    for pack in packs.all {
      guard let address = pack.referrals.address else { continue }
      let authentication = credentials[pack.name]
      switch (pack.referrals.channel, authentication) {
      case (.api, _), (.webhook, .some):
        routes[pack.name] = DispatchRoute(
          channel: pack.referrals.channel, url: address, authentication: authentication ?? .none,
          batch: pack.referrals.batch)
      case (.webhook, nil), (.mail, _), (.portal, _), (.unknown, _): continue
      }
    }
    self.init(routes)
  }
}
