import Casework
import Domain
import HTTPTypes
import Hummingbird
import Wire

/// What providers send, and who answers for them.
struct ProviderRoutes {
  let routes: Routes

  func add(to api: Endpoints) {
    api.add("answers", [.post: recordAnswers])
    api.add("providers/:pack/desk", [.post: openDesk])
  }

  private func recordAnswers(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let body = try await Body.json(of: request, limit: Body.many)
    let (answers, outcomes) = try await routes.callers.with(request) { caller in
      let answers = try AnswerMessage(parsing: body, mostAnswers: Desk.mostInOneRequest).answers
      return (answers, try await routes.desk.recordAnswers(answers.map(ProviderAnswer.init), as: caller))
    }
    let reply = AnswersReply(
      results: zip(answers, outcomes).map { answer, outcome in
        AnswersReply.Result(idempotencyKey: answer.idempotencyKey, result: outcome.rawValue)
      })
    return Reply.bytes(reply.json, type: "application/json")
  }

  private func openDesk(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let body = try await Body.json(of: request, limit: Body.few)
    try await routes.callers.with(request) { caller in
      let pack = context.parameters.get("pack") ?? ""
      try await routes.desk.connectProvider(pack: pack, to: try DeskMessage(parsing: body).user, as: caller)
    }
    return Response(status: .noContent)
  }
}

extension ProviderAnswer {
  init(_ answer: AnswerMessage.Answer) {
    self.init(
      idempotencyKey: answer.idempotencyKey, outcome: answer.outcome, reason: answer.reason,
      reference: answer.reference, decidedAt: answer.decidedAt)
  }
}
