import Casework
import Domain
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// What is done about items, and what waits for it.
struct ItemWorkRoutes {
  let routes: Routes

  func add(to api: Endpoints) {
    api.add("assessments", [.post: WorkRoute<Assess>(routes: routes).answer])
    api.add("confirmations", [.post: WorkRoute<Confirm>(routes: routes).answer])
    api.add("deconflictions", [.post: WorkRoute<Deconflict>(routes: routes).answer])
    api.add("clearances", [.post: WorkRoute<Clear>(routes: routes).answer])
    api.add("hold-overrides", [.post: WorkRoute<OverrideHold>(routes: routes).answer])
    api.add("referrals", [.post: WorkRoute<Refer>(routes: routes).answer])
    api.add("retractions", [.post: WorkRoute<Retract>(routes: routes).answer])
    api.add("relations", [.post: WorkRoute<Relate>(routes: routes).answer])
    api.add("interests", [.post: registerInterest])
    api.add("interests/:id", [.delete: withdrawInterest])
    api.add("queue", [.get: readQueue])
    api.add("items/:id/history", [.get: readHistory])
    api.add("items/:id/look", [.post: look])
  }

  private func registerInterest(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let body = try await Body.json(of: request, limit: Body.few)
    let id = try await routes.callers.with(request) { caller in
      let message = try InterestMessage(parsing: body)
      return try await routes.desk.registerInterest(
        in: message.address, until: message.until, note: message.note, as: caller)
    }
    return Reply.created(id.identifier)
  }

  private func withdrawInterest(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    try await routes.callers.with(request) { caller in
      try await routes.desk.withdrawInterest(try context.id("interest", as: caller, .registerInterests), as: caller)
    }
    return Response(status: .noContent)
  }

  private func readQueue(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    guard let kind: QueueKind = try request.code("step") else {
      throw ProblemError.badRequest("say in `step` whose queue is wanted")
    }
    let operation: ID<Operation>? = try request.id("operation")
    let page = try request.page()
    let items = try await routes.callers.with(request) { caller in
      try await routes.desk.queue(kind, operation: operation, page, as: caller)
    }
    let now = routes.desk.clock.now()
    return Reply.json { json in
      json.object { json in
        json.key("items")
        json.array { json in for item in items { QueuedItemMessage(item, at: now).write(to: &json) } }
        json.key("next")
        if items.count == page.limit, let last = items.last { json.integer(last.reportIndex) } else { json.null() }
      }
    }
  }

  private func readHistory(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let dossier = try await routes.callers.with(request) { caller in
      try await routes.desk.dossier(try context.id("item", as: caller, .readItems), as: caller)
    }
    let message = DossierMessage(dossier, at: routes.desk.clock.now())
    return Reply.json { message.write(to: &$0) }
  }

  private func look(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let look = try await routes.callers.with(request) { caller in
      try await routes.desk.lookNow(
        at: try context.id("item", as: caller, .lookAtItems), with: routes.prober, as: caller)
    }
    return Reply.json { json in
      json.object { json in
        json.key("basis")
        json.string(look.basis.rawValue)
        json.key("looked_at")
        json.instant(look.lookedAt)
        json.key("status")
        if let status = look.status { json.integer(Int64(status)) } else { json.null() }
        json.key("verdict")
        json.string(look.verdict.rawValue)
      }
    }
  }
}
