import Glibc
import NIOCore

/// An address of a machine, and whether it is one that anybody on the internet could reach.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
  /// Four or sixteen bytes, in network order.
  public let bytes: [UInt8]

  public var isV4: Bool { bytes.count == 4 }

  /// Four bytes of IPv4 or sixteen of IPv6; nil for any other number.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// Reads the usual notation, such as 192.0.2.1 and 2001:db8::1; no scope, no port, no brackets.
  public init?(_ text: String) {
    let family = text.utf8.contains(UInt8(ascii: ":")) ? AF_INET6 : AF_INET
    var bytes = [UInt8](repeating: 0, count: family == AF_INET6 ? 16 : 4)
    guard inet_pton(family, text, &bytes) == 1 else { return nil }
    self.bytes = bytes
  }

  func socketAddress(port: Int) throws -> SocketAddress {
    try SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: port)
  }

  public var isLoopback: Bool { isV4 ? bytes[0] == 127 : self == Self.loopbackV6 }

  /// Whether it belongs to the public internet.
  ///
  /// IPv4: everything that the IANA special-purpose registry (RFC 6890 and its updates) does not keep back, and no
  /// multicast. IPv6: global unicast 2000::/3 alone, without documentation, protocol assignments, and whatever
  /// carries an IPv4 address inside (6to4, Teredo, ISATAP; mapped, compatible and NAT64 lie outside 2000::/3).
  public var isPublic: Bool {
    isV4 ? !Self.keptBackV4.contains { has($0) } : has(Self.globalUnicast) && !keepsBackV6
  }

  private var keepsBackV6: Bool {
    Self.keptBackV6.contains { has($0) }
      // ISATAP: the interface's identifier is 0:5efe or 200:5efe and an IPv4 address.
      || (bytes[8] & 0xFD == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == 0xFE)
  }

  private func has(_ network: Network) -> Bool {
    let whole = network.length / 8
    guard bytes.prefix(whole).elementsEqual(network.bytes.prefix(whole)) else { return false }
    let rest = network.length % 8
    return rest == 0 || (bytes[whole] ^ network.bytes[whole]) >> UInt8(8 - rest) == 0
  }

  private struct Network: Sendable {
    let bytes: [UInt8]
    let length: Int
  }

  private static let loopbackV6 = IPAddress("::1")

  private static let keptBackV4: [Network] = [
    .init(bytes: [0, 0, 0, 0], length: 8), .init(bytes: [10, 0, 0, 0], length: 8),
    // Carrier-grade NAT (RFC 6598), in which some clouds keep their metadata services.
    .init(bytes: [100, 64, 0, 0], length: 10), .init(bytes: [127, 0, 0, 0], length: 8),
    // Link-local (RFC 3927), with 169.254.169.254.
    .init(bytes: [169, 254, 0, 0], length: 16), .init(bytes: [172, 16, 0, 0], length: 12),
    .init(bytes: [192, 0, 0, 0], length: 24), .init(bytes: [192, 0, 2, 0], length: 24),
    .init(bytes: [192, 88, 99, 0], length: 24), .init(bytes: [192, 168, 0, 0], length: 16),
    .init(bytes: [198, 18, 0, 0], length: 15), .init(bytes: [198, 51, 100, 0], length: 24),
    .init(bytes: [203, 0, 113, 0], length: 24),
    // Multicast, reserved and broadcast.
    .init(bytes: [224, 0, 0, 0], length: 3),
  ]

  private static let globalUnicast = Network(bytes: [0x20], length: 3)

  private static let keptBackV6: [Network] = [
    // Protocol assignments (RFC 2928), with Teredo 2001::/32.
    .init(bytes: [0x20, 0x01, 0x00], length: 23), .init(bytes: [0x20, 0x01, 0x0D, 0xB8], length: 32),
    .init(bytes: [0x20, 0x02], length: 16), .init(bytes: [0x3F, 0xFF, 0x00], length: 20),
  ]

  public var description: String {
    (try? socketAddress(port: 0).ipAddress) ?? bytes.map(String.init).joined(separator: ".")
  }
}
