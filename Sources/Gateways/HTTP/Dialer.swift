import Domain
import NIOCore
import NIOPosix
import NIOSSL

/// Opens connections to addresses that were admitted; it never sees a name to resolve.
struct Dialer: Sendable {
  let loop: any EventLoop

  /// Certificates are checked against the system's roots, TLS 1.2 at least.
  ///
  /// Made once, at the first connection that needs it: reading the roots takes ten milliseconds.
  private static let tls: NIOSSLContext? = {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    return try? NIOSSLContext(configuration: configuration)
  }()

  /// Tries the addresses one after the other; to be called on the event loop, and answers there.
  func connect(
    to endpoint: Endpoint, seconds: Double, then answer: @escaping (Result<HTTPConnection, DialFault>) -> Void
  ) {
    connect(endpoint.addresses[...], endpoint, seconds, answer)
  }

  private func connect(
    _ addresses: ArraySlice<IPAddress>, _ endpoint: Endpoint, _ seconds: Double,
    _ answer: @escaping (Result<HTTPConnection, DialFault>) -> Void
  ) {
    guard let address = addresses.first, let socket = try? address.socketAddress(port: endpoint.port) else {
      return answer(.failure(DialFault(basis: .connection)))
    }
    guard endpoint.tls == nil || Self.tls != nil else { return answer(.failure(DialFault(basis: .tls))) }
    let connecting = ClientBootstrap(group: loop)
      .connectTimeout(.nanoseconds(Int64(seconds * 1e9)))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try Self.furnish(channel, endpoint.tls) }
      }
      .connect(to: socket)
    connecting.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel):
        if let connection = try? channel.pipeline.syncOperations.handler(type: HTTPConnection.self) {
          answer(.success(connection))
        } else {
          // It was closed between the two.
          answer(.failure(DialFault(basis: .connection)))
        }
      case .failure(let error):
        let rest = addresses.dropFirst()
        guard rest.isEmpty else { return connect(rest, endpoint, seconds, answer) }
        answer(.failure(DialFault(basis: error is ChannelError ? .timeout : HTTPConnection.basis(of: error))))
      }
    }
  }

  private static func furnish(_ channel: any Channel, _ mode: Endpoint.TLS?) throws {
    let pipeline = channel.pipeline.syncOperations
    if let mode, let tls {
      let name: String? = if case .name(let name) = mode { name } else { nil }
      try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
    }
    try pipeline.addHandler(HTTPConnection())
  }
}

/// Why there is no connection.
struct DialFault: Error {
  let basis: VerdictBasis
}
