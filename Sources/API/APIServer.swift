public import Casework
public import Domain
public import Hummingbird
public import Logging
import Meters
import NIOCore
import ServiceLifecycle

/// The HTTP API of one installation.
public struct APIServer: Sendable {
  private let desk: Desk
  private let host: String
  private let port: Int
  private let logger: Logger
  private let pages: Pages?
  private let prober: (any Prober)?
  private let monitoring: Monitoring?
  private let isWeb: Bool
  private let onListening: @Sendable (Int) -> Void

  /// Adds pages for people beside the API.
  public typealias Pages = @Sendable (Router<BasicRequestContext>) -> Void

  /// - Parameters:
  ///   - port: 0 lets the system choose.
  ///   - pages: without them, "/" is a line that names the API's description.
  ///   - prober: what looks by hand are made with; without one they are refused.
  ///   - monitoring: what is counted, and who may read it; without it nothing is.
  ///   - isWeb: false where only the service's own health is served.
  ///   - onListening: told the port once connections are taken.
  public init(
    desk: Desk, host: String, port: Int, logger: Logger, pages: Pages? = nil, prober: (any Prober)? = nil,
    monitoring: Monitoring? = nil, isWeb: Bool = true,
    onListening: @escaping @Sendable (Int) -> Void
  ) {
    self.desk = desk
    self.host = host
    self.port = port
    self.logger = logger
    self.pages = pages
    self.prober = prober
    self.monitoring = monitoring
    self.isWeb = isWeb
    self.onListening = onListening
  }

  /// Serves until it is asked to stop; then it finishes what it has begun.
  ///
  /// - Parameter stop: returns when it is to stop; without it a signal to the process does it.
  ///
  /// Throws ``APIServerFault`` where the address can't be had.
  public func run(until stop: (@Sendable () async -> Void)? = nil) async throws {
    let routes = Routes(desk: desk, prober: prober)
      .router(pages: pages, metrics: monitoring?.metrics, isWeb: isWeb).buildResponder()
    let application = Application(
      responder: MetricsGate(routes: routes, monitoring: monitoring),
      // A connection that says nothing for a minute makes room for others.
      server: .http1(configuration: .init(idleTimeout: .seconds(60))),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "cordon"),
      onServerRunning: { [onListening, port] channel in onListening(channel.localAddress?.port ?? port) },
      logger: logger)
    do {
      if let stop { try await Self.run(application, until: stop) } else { try await application.runService() }
    } catch let error as IOError {
      throw APIServerFault.cannotListen("\(host):\(port)", reason: "\(error)")
    }
  }

  private static func run(_ application: some ApplicationProtocol, until stop: @escaping @Sendable () async -> Void)
    async throws
  {
    let group = ServiceGroup(configuration: .init(services: [application], logger: application.logger))
    let stopping = Task {
      await stop()
      await group.triggerGracefulShutdown()
    }
    defer { stopping.cancel() }
    try await group.run()
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
