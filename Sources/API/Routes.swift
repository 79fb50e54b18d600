import Casework
import Domain
import HTTPTypes
import Hummingbird
import Meters
import Storage
import TransparencyLog
import Wire

/// What there is to ask for; `openapi.yaml` describes the same.
struct Routes: Sendable {
  let desk: Desk
  let callers: Callers
  let prober: (any Prober)?

  init(desk: Desk, prober: (any Prober)? = nil) {
    self.desk = desk
    self.prober = prober
    callers = Callers(desk: desk)
  }

  /// - Parameters:
  ///   - pages: adds pages for people; then "/" is theirs.
  ///   - isWeb: whether there is more than the service's own health.
  func router(
    pages: APIServer.Pages? = nil, metrics: ServeMetrics? = nil, isWeb: Bool = true
  ) -> Router<BasicRequestContext> {
    let router = Router()
    if let metrics { router.addMiddleware { RequestCount(metrics: metrics) } }
    router.addMiddleware { Problems() }
    let service = Endpoints(router.group(""))
    ServiceRoutes(desk: desk).add(to: service)
    guard isWeb else { return router }
    if pages == nil {
      service.add("/", [.get: { _, _ in Reply.text("Cordon. The API is described at /openapi.yaml.\n") }])
    }
    let api = Endpoints(router.group("/api/v1"))
    api.add("items", [.post: reportItems, .get: listItems])
    api.add("items/:id", [.get: getItem])
    api.add("providers", [.get: listProviders])
    api.add("me", [.get: getCaller])
    api.add("sessions", [.post: signIn])
    api.add("sessions/current", [.delete: signOut])
    api.add("journal/checkpoint", [.get: getCheckpoint])
    api.add("journal/proof/:index", [.get: getProof])
    api.add("journal/tile/**", [.get: getTile])
    OperationRoutes(routes: self).add(to: api)
    OutletRoutes(routes: self).add(to: api)
    CaseRoutes(routes: self).add(to: api)
    ItemWorkRoutes(routes: self).add(to: api)
    ProviderRoutes(routes: self).add(to: api)
    pages?(router)
    return router
  }

  private func reportItems(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    try await ReportItemsRoute(routes: self).answer(request)
  }

  private func listItems(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let page = try request.page()
    let items = try await callers.with(request) { try await desk.items(page, as: $0) }
    return Reply.json { json in
      json.object { json in
        json.key("items")
        json.array { json in for item in items { ItemMessage.write(item, to: &json) } }
        json.key("next")
        if items.count == page.limit, let last = items.last { json.integer(last.reportIndex) } else { json.null() }
      }
    }
  }

  private func getItem(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let id = context.parameters.get("id").flatMap { ID<Item>($0) }
    let item = try await callers.with(request) { caller in
      guard let id else { throw Refusal.notFound("such item") }
      return try await desk.item(id, as: caller)
    }
    return Reply.json { ItemMessage.write(item, to: &$0) }
  }

  private func listProviders(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let providers = try await callers.with(request) { try await desk.providers(as: $0) }
    return Reply.json { json in
      json.object { json in
        json.key("providers")
        json.array { json in for entry in providers { Self.write(entry.provider, items: entry.items, to: &json) } }
      }
    }
  }

  private func getCaller(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let user = try await callers.with(request) { try await desk.currentUser($0) }
    return Reply.json { json in
      json.object { json in
        json.key("agency")
        json.identifier(user.agency.identifier)
        json.key("roles")
        json.array { json in for role in user.roles.sorted() { json.string(role.rawValue) } }
        json.key("user")
        json.identifier(user.id.identifier)
      }
    }
  }

  private func signIn(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let message = try SignInMessage(parsing: try await Body.json(of: request, limit: Body.few))
    let session = try await desk.signIn(name: message.name, password: message.password)
    return Reply.json(status: .created) { json in
      json.object { json in
        json.key("expires_at")
        json.instant(session.expiresAt)
        json.key("token")
        json.string(session.secret)
      }
    }
  }

  private func signOut(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    try await callers.with(request) { try await desk.signOut($0) }
    return Response(status: .noContent)
  }

  private func getCheckpoint(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    Reply.text(try await callers.with(request) { try await desk.checkpoint(as: $0) }.encoded)
  }

  private func getProof(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let index = context.parameters.get("index").flatMap { Int64($0) }
    let proof = try await callers.with(request) { caller in
      guard let index else { throw Refusal.notFound("such leaf") }
      return try await desk.proof(of: index, as: caller)
    }
    return Reply.text(proof.encoded)
  }

  private func getTile(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let coordinate = TileCoordinate(pathComponents: context.parameters.getCatchAll().map(String.init))
    let hashes = try await callers.with(request) { caller in
      guard let coordinate, let hashes = try await desk.tile(coordinate, as: caller) else {
        throw Refusal.notFound("such tile")
      }
      return hashes
    }
    return Reply.bytes(hashes, type: "application/octet-stream")
  }

  private static func write(_ provider: Provider, items: Int64, to json: inout JSONWriter) {
    json.object { json in
      json.key("id")
      json.identifier(provider.id.identifier)
      json.key("items")
      json.integer(items)
      json.key("name")
      if let name = provider.name { json.string(name) } else { json.null() }
      json.key("pack")
      if let pack = provider.pack { json.string(pack) } else { json.null() }
    }
  }
}
