public import Casework
public import Domain
import HTTPTypes
import Hummingbird
public import Wire

/// `POST` of entries about items: each is decided by itself, all in one commit.
struct WorkRoute<Step: WorkStep> {
  let routes: Routes

  func answer(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let body = try await Body.json(of: request, limit: Body.many)
    let (message, outcomes) = try await routes.callers.with(request) { caller in
      let message = try EntryList<Step.Entry>(parsing: body, mostEntries: Desk.mostInOneRequest)
      return (message, try await Step.run(message.entries, on: routes.desk, as: caller))
    }
    if message.isSingle, case .refused(let refusal)? = outcomes.first { throw refusal }
    let reply = WorkReply(of: message.entries.map(\.item), outcomes)
    return Reply.bytes(reply.json, type: "application/json", status: Self.status(of: outcomes))
  }

  /// 200 where anything was recorded; 409 where another moment or a fresh look might help; otherwise 422.
  private static func status(of outcomes: [WorkOutcome]) -> HTTPResponse.Status {
    var status = HTTPResponse.Status.unprocessableContent
    for outcome in outcomes {
      switch outcome {
      case .recorded: return .ok
      case .refused(.stale), .refused(.notNow): status = .conflict
      case .refused: continue
      }
    }
    return status
  }
}

extension WorkReply {
  /// What became of entries about these items, in their order.
  public init(of items: [ID<Item>], _ outcomes: [WorkOutcome]) {
    self.init(
      results: zip(items, outcomes).map { item, outcome in
        switch outcome {
        case .recorded(let index): Result(item: item, outcome: .recorded(index))
        case .refused(let refusal):
          Result(
            item: item,
            outcome: .refused(code: Problems.problem(for: refusal).code, detail: refusal.description))
        }
      })
  }
}
