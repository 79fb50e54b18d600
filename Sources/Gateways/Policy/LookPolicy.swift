import Locators

/// What may be connected to.
///
/// Every address is held against it before a connection is opened, and every hop of a redirect again. What it does
/// not admit opens no connection.
public enum LookPolicy: Sendable, Hashable {
  /// The public internet: `http` and `https` on their default ports, names that resolve to public addresses only.
  case publicWeb
  /// A test range: these hosts, in plain HTTP at this loopback address and port, whatever scheme an address has.
  ///
  /// `*.x` stands for every host below `x`. Every other host is refused, and all are where the address is no
  /// loopback one.
  case range(hosts: Set<String>, address: IPAddress, port: Int)
  /// The machine's own addresses 127.0.0.0/8 on any port, for tests and measurements.
  case loopback

  /// Whether the provider's politeness counts; nobody is bothered on one's own machine.
  var isPolite: Bool { self == .publicWeb }

  /// Decides on an address.
  func admit(_ url: WebURL) -> Admission {
    guard url.username.isEmpty, url.password.isEmpty else { return .refused }
    let isTLS: Bool
    switch url.scheme {
    case let scheme where scheme.elementsEqual("https".utf8): isTLS = true
    case let scheme where scheme.elementsEqual("http".utf8): isTLS = false
    default: return .refused
    }
    let port = Int(url.port ?? (isTLS ? 443 : 80))
    switch self {
    case .publicWeb:
      guard url.port == nil else { return .refused }
      return Self.admitPublic(url, port: port, isTLS: isTLS)
    case .range(let hosts, let address, let rangePort):
      guard address.isLoopback, Self.names(url.host, in: hosts) else { return .refused }
      return .pinned(Endpoint(addresses: [address], port: rangePort, tls: nil))
    case .loopback:
      guard let address = Self.literal(url), address.isLoopback else { return .refused }
      return .pinned(Endpoint(addresses: [address], port: port, tls: isTLS ? .address : nil))
    }
  }

  /// Decides on what a name resolved to: one address that is not public condemns them all.
  ///
  /// A name that leads inside and outside at once is how a filter is got round.
  func admit(_ addresses: [IPAddress]) -> Bool {
    switch self {
    case .publicWeb: !addresses.isEmpty && addresses.allSatisfy(\.isPublic)
    case .range, .loopback: false
    }
  }

  private static func admitPublic(_ url: WebURL, port: Int, isTLS: Bool) -> Admission {
    if let address = literal(url) {
      guard address.isPublic else { return .refused }
      return .pinned(Endpoint(addresses: [address], port: port, tls: isTLS ? .address : nil))
    }
    guard url.hostIsDomain else { return .refused }
    let name = url.host.last == UInt8(ascii: ".") ? url.host.dropLast() : url.host
    let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    // A single label would be completed with the machine's own search domain.
    guard labels.count > 1, labels.allSatisfy({ !$0.isEmpty && $0.count <= 63 }), name.count <= 253,
      let last = labels.last, !insideEndings.contains(String(decoding: last, as: UTF8.self)),
      !name.elementsEqual("home.arpa".utf8), !name.reversed().starts(with: ".home.arpa".utf8.reversed())
    else { return .refused }
    return .named(String(decoding: name, as: UTF8.self), port: port, isTLS: isTLS)
  }

  // RFC 6761, 6762, 9476, ICANN's .internal, and what routers make up.
  private static let insideEndings: Set<String> = [
    "localhost", "local", "internal", "localdomain", "lan", "intranet", "corp", "home", "private", "alt", "onion",
  ]

  private static func literal(_ url: WebURL) -> IPAddress? {
    guard !url.hostIsDomain, let first = url.host.first else { return nil }
    // WHATWG hosts are normalised: decimal, octal and hexadecimal forms are dotted quads by now.
    let text = first == UInt8(ascii: "[") ? url.host.dropFirst().dropLast() : url.host
    return IPAddress(String(decoding: text, as: UTF8.self))
  }

  private static func names(_ host: ArraySlice<UInt8>, in hosts: Set<String>) -> Bool {
    var rest = String(decoding: host, as: UTF8.self)[...]
    if hosts.contains(String(rest)) { return true }
    while let dot = rest.firstIndex(of: ".") {
      rest = rest[rest.index(after: dot)...]
      if hosts.contains("*." + rest) { return true }
    }
    return false
  }
}

/// What the policy says of an address.
enum Admission: Sendable, Hashable {
  case refused
  /// An address that needs no name to be resolved.
  case pinned(Endpoint)
  case named(String, port: Int, isTLS: Bool)
}

/// A place to connect to: addresses that the policy has admitted, never a name to be resolved again.
struct Endpoint: Sendable, Hashable {
  enum TLS: Sendable, Hashable {
    /// The certificate must be for this name.
    case name(String)
    /// The certificate must be for the address itself.
    case address
  }

  let addresses: [IPAddress]
  let port: Int
  let tls: TLS?
}
