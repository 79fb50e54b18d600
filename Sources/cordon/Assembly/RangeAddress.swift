import Gateways
import Locators

/// The policy that lets looks and messages reach a range on this machine, and nothing else.
enum RangeAddress {
  /// The nine packs of the range.
  static let packs = ["chorus", "depot", "lantern", "mosaic", "pigeon", "quill", "scrap", "strata", "wave"]

  /// - Parameter text: a loopback address and a port, such as 127.0.0.1:8090.
  static func policy(_ text: String, packs: ProviderPacks) throws -> LookPolicy {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let address = IPAddress(String(parts[0])), address.isLoopback, let port = Int(parts[1]),
      (1...65_535).contains(port)
    else { throw CommandFailure(.usage, "a range is a loopback address and a port, such as 127.0.0.1:8090") }
    // The control plane is called by the address itself.
    var hosts: Set<String> = [String(parts[0])]
    for name in Self.packs {
      for host in packs.pack(named: name)?.hosts ?? [] { hosts.insert(host.description) }
    }
    return .range(hosts: hosts, address: address, port: port)
  }
}
