import Domain
import HTTPTypes
import Hummingbird
public import Meters
import NIOCore

/// What tells the operator's own programs how a process is.
public struct Monitoring: Sendable {
  let metrics: ServeMetrics
  let collect: @Sendable () async -> Void
  let peers: Set<String>

  /// - Parameters:
  ///   - collect: brings what is only known by asking up to date, before the figures are read.
  ///   - peers: addresses that may read the figures beside this machine's own.
  public init(metrics: ServeMetrics, peers: Set<String> = [], collect: @escaping @Sendable () async -> Void) {
    self.metrics = metrics
    self.peers = peers
    self.collect = collect
  }

  /// What a proxy adds to a request that comes from somewhere else.
  private static let forwarded = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"]
    .compactMap { HTTPField.Name($0) }

  /// Whether a request may be told the figures: it comes from this machine or a named one, and through no proxy.
  func admits(_ request: Request, from address: SocketAddress?) -> Bool {
    guard let address = address?.ipAddress, Self.forwarded.allSatisfy({ request.headers[$0] == nil }) else {
      return false
    }
    // An address of the older kind may come in the form of the newer one.
    let plain = address.hasPrefix("::ffff:") ? String(address.dropFirst(7)) : address
    return plain == "::1" || plain.hasPrefix("127.") || peers.contains(plain)
  }
}

/// A request with where it came from; the routes see the rest of it.
struct PeerContext: InitializableFromSource {
  let address: SocketAddress?
  let inner: BasicRequestContext

  init(source: ApplicationRequestContextSource) {
    address = source.channel.remoteAddress
    inner = BasicRequestContext(source: source)
  }
}

/// Answers `/metrics` to whoever may see them, and leaves everything else to the routes.
struct MetricsGate<Routes: HTTPResponder>: HTTPResponder where Routes.Context == BasicRequestContext {
  let routes: Routes
  let monitoring: Monitoring?

  func respond(to request: Request, context: PeerContext) async throws -> Response {
    guard let monitoring, request.uri.path == "/metrics", monitoring.admits(request, from: context.address),
      request.method == .get || request.method == .head
    else { return try await routes.respond(to: request, context: context.inner) }
    await monitoring.collect()
    let text = request.method == .head ? "" : monitoring.metrics.text
    return Reply.text(text, type: "text/plain; version=0.0.4; charset=utf-8")
  }
}

/// Counts requests by route, never by what was asked for.
struct RequestCount: RouterMiddleware {
  typealias Context = BasicRequestContext

  private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

  let metrics: ServeMetrics

  func handle(
    _ request: Request, context: BasicRequestContext,
    next: (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    let began = ContinuousClock.now
    let response = try await next(request, context)
    // A path that no route has is somebody's guess: it must not become a label.
    let route = context.endpointPath.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "none"
    let method = Self.methods.contains(request.method.rawValue) ? request.method.rawValue : "other"
    metrics.requests.add(1, route, method, String(response.status.code))
    metrics.requestSeconds.observe((ContinuousClock.now - began) / .seconds(1), route, method)
    return response
  }
}
