import Glibc

/// What turns a host's name into addresses; asked once for a host, and what it said is what is connected to.
public protocol NameResolver: Sendable {
  /// All addresses, in the order in which they should be tried; none where the name has none. It may block.
  func addresses(of name: String) -> [IPAddress]
}

/// The machine's own resolver.
public struct SystemResolver: NameResolver {
  public init() {}

  public func addresses(of name: String) -> [IPAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var found: [IPAddress] = []
    var next = list
    while let entry = next?.pointee {
      if let address = Self.address(entry), !found.contains(address) { found.append(address) }
      next = entry.ai_next
    }
    return found
  }

  private static func address(_ entry: addrinfo) -> IPAddress? {
    // Where `struct sockaddr_in` and `sockaddr_in6` keep the address, behind family, port and flow label.
    let place: Range<Int>
    switch entry.ai_family {
    case AF_INET: place = 4..<8
    case AF_INET6: place = 8..<24
    default: return nil
    }
    guard let start = entry.ai_addr, entry.ai_addrlen >= place.upperBound else { return nil }
    let raw = UnsafeRawBufferPointer(start: start, count: Int(entry.ai_addrlen))
    return IPAddress(bytes: Array(raw[place]))
  }
}
