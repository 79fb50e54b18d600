import Casework
import Domain
import HTTPTypes
import Hummingbird
import Storage
import TransparencyLog
import Wire

/// What there is to ask for; `openapi.yaml` describes the same.
struct Routes: Sendable {
  let desk: Desk
  let callers: Callers

  init(desk: Desk) {
    self.desk = desk
    callers = Callers(desk: desk)
  }

  func router() -> Router<BasicRequestContext> {
    let router = Router()
    router.addMiddleware { Problems() }
    router.get("/") { _, _ in Reply.text("Cordon. The API is described at /openapi.yaml.\n") }
    router.get("/openapi.yaml") { _, _ in Reply.text(OpenAPIDocument.text, type: "application/yaml") }
    router.get("/healthz") { _, _ in Reply.text("ok\n") }
    router.get("/readyz") { _, _ in
      _ = try await desk.store.read { try $0.installation() }
      return Reply.text("ok\n")
    }
    let api = router.group("/api/v1")
    addItems(to: api)
    addIdentity(to: api)
    addJournal(to: api)
    return router
  }

  private func addItems(to api: RouterGroup<BasicRequestContext>) {
    api.post("items") { request, _ in try await ReportItemsRoute(routes: self).answer(request) }
    api.get("items") { request, _ in
      let after = try Self.number("after", in: request) ?? -1
      let limit = try Self.number("limit", in: request) ?? 100
      guard (1...1_000).contains(limit) else { throw ProblemError.badRequest("`limit` must be 1 to 1000") }
      let items = try await callers.with(request) { caller in
        try await desk.items(Page(after: after, limit: Int(limit)), as: caller)
      }
      return Reply.json { json in
        json.object { json in
          json.key("items")
          json.array { json in for item in items { ItemMessage.write(item, to: &json) } }
          json.key("next")
          if items.count == limit, let last = items.last { json.integer(last.reportIndex) } else { json.null() }
        }
      }
    }
    api.get("items/:id") { request, context in
      guard let id = context.parameters.get("id").flatMap({ ID<Item>($0) }) else { throw Refusal.notFound("such item") }
      let item = try await callers.with(request) { try await desk.item(id, as: $0) }
      return Reply.json { ItemMessage.write(item, to: &$0) }
    }
    api.get("providers") { request, _ in
      let providers = try await callers.with(request) { try await desk.providers(as: $0) }
      return Reply.json { json in
        json.object { json in
          json.key("providers")
          json.array { json in for entry in providers { Self.write(entry.provider, items: entry.items, to: &json) } }
        }
      }
    }
  }

  private func addIdentity(to api: RouterGroup<BasicRequestContext>) {
    api.get("me") { request, _ in
      let caller = try await callers.with(request) { $0 }
      return Reply.json { json in
        json.object { json in
          json.key("agency")
          json.identifier(caller.user.agency.identifier)
          json.key("roles")
          json.array { json in for role in caller.user.roles.sorted() { json.string(role.rawValue) } }
          json.key("user")
          json.identifier(caller.user.id.identifier)
        }
      }
    }
    api.post("sessions") { request, _ in
      let message = try SignInMessage(parsing: try await Body.bytes(of: request, limit: 65_536))
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
    api.delete("sessions/current") { request, _ in
      try await callers.with(request) { try await desk.signOut($0) }
      return Response(status: .noContent)
    }
  }

  private func addJournal(to api: RouterGroup<BasicRequestContext>) {
    api.get("journal/checkpoint") { request, _ in
      let note = try await callers.with(request) { try await desk.checkpoint(as: $0) }
      return Reply.text(note.encoded)
    }
    api.get("journal/proof/:index") { request, context in
      guard let index = context.parameters.get("index").flatMap({ Int64($0) }) else {
        throw Refusal.notFound("such leaf")
      }
      let proof = try await callers.with(request) { try await desk.proof(of: index, as: $0) }
      return Reply.text(proof.encoded)
    }
    api.get("journal/tile/**") { request, context in
      let path = context.parameters.getCatchAll().map(String.init)
      guard let coordinate = TileCoordinate(pathComponents: path),
        let hashes = try await callers.with(request, { try await desk.tile(coordinate, as: $0) })
      else { throw Refusal.notFound("such tile") }
      return Reply.bytes(hashes, type: "application/octet-stream")
    }
  }

  private static func number(_ name: Substring, in request: Request) throws -> Int64? {
    guard let text = request.uri.queryParameters[name] else { return nil }
    guard let number = Int64(text) else { throw ProblemError.badRequest("`\(name)` must be a number") }
    return number
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
