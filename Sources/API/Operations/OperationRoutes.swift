import Casework
import Domain
import Forms
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// Joint operations: opening, taking part, H-hour, figures.
struct OperationRoutes {
  let routes: Routes

  func add(to api: Endpoints) {
    api.add("operations", [.post: open, .get: list])
    api.add("operations/:id/agencies", [.post: join])
    api.add("operations/:id/h-hour", [.put: setHHour])
    api.add("operations/:id/board", [.get: board])
    api.add("operations/:id/scorecards", [.get: scorecards])
    api.add("operations/:id/report", [.get: report])
    api.add("operations/:id/figures/:figure", [.get: entries])
  }

  private func open(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let body = try await Body.json(of: request, limit: Body.few)
    let id = try await routes.callers.with(request) { caller in
      try await routes.desk.openOperation(try NameMessage(parsing: body).name, as: caller)
    }
    return Reply.created(id.identifier)
  }

  private func list(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let operations = try await routes.callers.with(request) { try await routes.desk.operations(as: $0) }
    return Reply.json { json in
      json.object { json in
        json.key("operations")
        json.array { json in for operation in operations { OperationMessage.write(operation, to: &json) } }
      }
    }
  }

  private func join(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let body = try await Body.json(of: request, limit: Body.few)
    try await routes.callers.with(request) { caller in
      let id: ID<Operation> = try context.id("operation", as: caller, .manageOperations)
      try await routes.desk.join(try NameMessage(parsing: body).name, to: id, as: caller)
    }
    return Response(status: .noContent)
  }

  private func setHHour(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let body = try await Body.json(of: request, limit: Body.few)
    try await routes.callers.with(request) { caller in
      let id: ID<Operation> = try context.id("operation", as: caller, .manageOperations)
      try await routes.desk.setHHour(try HHourMessage(parsing: body).at, of: id, as: caller)
    }
    return Response(status: .noContent)
  }

  private func board(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let board = try await routes.callers.with(request) { caller in
      try await routes.desk.board(of: try context.id("operation", as: caller, .readItems), as: caller)
    }
    return Reply.json { BoardMessage(board).write(to: &$0) }
  }

  private func scorecards(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let cards = try await routes.callers.with(request) { caller in
      try await routes.desk.scorecards(of: try context.id("operation", as: caller, .readItems), as: caller)
    }
    return Reply.json { json in
      json.object { json in
        json.key("scorecards")
        json.array { json in for card in cards { ScorecardMessage(card).write(to: &json) } }
      }
    }
  }

  private func report(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let report = try await routes.callers.with(request) { caller in
      try await routes.desk.compileReport(of: try context.id("operation", as: caller, .readItems), as: caller)
    }
    return Reply.bytes(ReportJSON.encode(report), type: "application/json")
  }

  private func entries(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let figure = context.parameters.get("figure").flatMap { Figure(rawValue: $0) }
    let provider: ID<Provider>? = try request.id("provider")
    let page = try request.page()
    let indexes = try await routes.callers.with(request) { caller in
      let id: ID<Operation> = try context.id("operation", as: caller, .readItems)
      guard let figure else { throw caller.refusal("such figure", unless: .readItems) }
      return try await routes.desk.entries(behind: figure, of: id, provider: provider, page, as: caller)
    }
    return Reply.json { json in
      json.object { json in
        json.key("journal_indexes")
        json.array { json in for index in indexes { json.integer(index) } }
        json.key("next")
        if indexes.count == page.limit, let last = indexes.last { json.integer(last) } else { json.null() }
      }
    }
  }
}
