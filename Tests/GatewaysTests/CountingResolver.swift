import Gateways
import Synchronization

/// Gives every name the same addresses, and counts.
final class CountingResolver: NameResolver {
  private let found: [IPAddress]
  private let count = Mutex(0)

  var calls: Int { count.withLock { $0 } }

  init(_ addresses: [String]) { found = addresses.compactMap { IPAddress($0) } }

  func addresses(of name: String) -> [IPAddress] {
    count.withLock { $0 += 1 }
    return found
  }
}
