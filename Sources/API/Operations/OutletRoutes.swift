import Casework
import Domain
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// Outlets that are watched.
struct OutletRoutes {
  let routes: Routes

  func add(to api: Endpoints) {
    api.add("outlets", [.post: register, .get: list])
    api.add("outlets/:id/observations", [.post: observe])
  }

  private func register(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let body = try await Body.json(of: request, limit: Body.few)
    let id = try await routes.callers.with(request) { caller in
      let message = try NewOutletMessage(parsing: body)
      return try await routes.desk.registerOutlet(message.name, operation: message.operation, as: caller)
    }
    return Reply.created(id.identifier)
  }

  private func list(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let outlets = try await routes.callers.with(request) { try await routes.desk.outlets(as: $0) }
    return Reply.json { json in
      json.object { json in
        json.key("outlets")
        json.array { json in
          for entry in outlets {
            OutletMessage.write(entry.outlet, days: entry.days.map(ObservationsMessage.Day.init), to: &json)
          }
        }
      }
    }
  }

  private func observe(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let body = try await Body.json(of: request, limit: Body.many)
    try await routes.callers.with(request) { caller in
      let id: ID<Outlet> = try context.id("outlet", as: caller, .watchOutlets)
      let message = try ObservationsMessage(parsing: body, mostDays: Desk.mostInOneRequest)
      let days = message.days.map { day in
        (outlet: id, day: OutletDay(day: day.day, posts: day.posts, accounts: day.accounts, reach: day.reach))
      }
      try await routes.desk.observe(days, as: caller)
    }
    return Response(status: .noContent)
  }
}
