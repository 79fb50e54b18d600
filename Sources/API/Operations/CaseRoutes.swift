import Casework
import Domain
import HTTPTypes
import Hummingbird
import Wire

/// National files behind operations.
struct CaseRoutes {
  let routes: Routes

  func add(to api: Endpoints) {
    api.add("cases", [.post: open, .get: list])
    api.add("cases/:id/facts", [.post: record])
  }

  private func open(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let body = try await Body.json(of: request, limit: Body.few)
    let id = try await routes.callers.with(request) { caller in
      let message = try NewCaseMessage(parsing: body)
      return try await routes.desk.openCase(
        reference: message.reference, operation: message.operation, prosecutor: message.prosecutor, as: caller)
    }
    return Reply.created(id.identifier)
  }

  private func list(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let cases = try await routes.callers.with(request) { try await routes.desk.cases(as: $0) }
    return Reply.json { json in
      json.object { json in
        json.key("cases")
        json.array { json in
          for entry in cases {
            CaseMessage(file: entry.file, facts: entry.facts.map(CaseMessage.Fact.init)).write(to: &json)
          }
        }
      }
    }
  }

  private func record(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let body = try await Body.json(of: request, limit: Body.few)
    try await routes.callers.with(request) { caller in
      let id: ID<CaseFile> = try context.id("case", as: caller, .openCases)
      let message = try CaseFactMessage(parsing: body)
      try await routes.desk.recordFact(
        message.kind, at: message.happenedAt, note: message.note, in: id, as: caller)
    }
    return Response(status: .noContent)
  }
}
