public import Casework
public import Domain
public import Hummingbird
public import Logging
import NIOCore

/// The HTTP API of one installation.
public struct APIServer: Sendable {
  private let desk: Desk
  private let host: String
  private let port: Int
  private let logger: Logger
  private let pages: Pages?
  private let prober: (any Prober)?
  private let onListening: @Sendable (Int) -> Void

  /// Adds pages for people beside the API.
  public typealias Pages = @Sendable (Router<BasicRequestContext>) -> Void

  /// - Parameters:
  ///   - port: 0 lets the system choose.
  ///   - pages: without them, "/" is a line that names the API's description.
  ///   - prober: what looks by hand are made with; without one they are refused.
  ///   - onListening: told the port once connections are taken.
  public init(
    desk: Desk, host: String, port: Int, logger: Logger, pages: Pages? = nil, prober: (any Prober)? = nil,
    onListening: @escaping @Sendable (Int) -> Void
  ) {
    self.desk = desk
    self.host = host
    self.port = port
    self.logger = logger
    self.pages = pages
    self.prober = prober
    self.onListening = onListening
  }

  /// Serves until the process is asked to stop; then it finishes what it has begun.
  ///
  /// Throws ``APIServerFault`` where the address can't be had.
  public func run() async throws {
    let application = Application(
      router: Routes(desk: desk, prober: prober).router(pages: pages),
      // A connection that says nothing for a minute makes room for others.
      server: .http1(configuration: .init(idleTimeout: .seconds(60))),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "cordon"),
      onServerRunning: { [onListening, port] channel in onListening(channel.localAddress?.port ?? port) },
      logger: logger)
    do {
      try await application.runService()
    } catch let error as IOError {
      throw APIServerFault.cannotListen("\(host):\(port)", reason: "\(error)")
    }
  }
}

public enum APIServerFault: Error, Sendable, Hashable, CustomStringConvertible {
  case cannotListen(String, reason: String)

  public var description: String {
    switch self {
    case .cannotListen(let address, let reason):
      "\(address) can't be listened on: is another program using the port? Take another with --port (\(reason))"
    }
  }
}
