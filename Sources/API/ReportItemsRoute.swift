import Casework
import Crypto
import Domain
import HTTPTypes
import Hummingbird
import Wire

/// `POST /api/v1/items`: one report or up to a thousand, once for each idempotency key.
struct ReportItemsRoute {
  let routes: Routes

  private static let keyField = HTTPField.Name("Idempotency-Key")
  private static let repeatedField = HTTPField.Name("Idempotency-Replayed")

  func answer(_ request: Request) async throws -> Response {
    let key = try Self.key(of: request)
    let body = try await Body.json(of: request, limit: Body.many)
    let message = try ReportMessage(parsing: body, mostReports: Desk.mostReports)
    let idempotency = Idempotency(
      keyDigest: Array(SHA256.hash(data: Array(key.utf8))),
      bodyDigest: Array(SHA256.hash(data: Array("POST /api/v1/items\n".utf8) + body)), encode: Self.encode)
    let result = try await routes.callers.with(request) { caller in
      try await routes.desk.reportItems(
        message.reports.map(Self.address), operation: message.operation,
        terms: ReportTerms(handling: message.handling, sharing: message.sharing), idempotency: idempotency, as: caller)
    }
    var response = Reply.bytes(
      Array(result.reply.body.utf8), type: "application/json", status: HTTPResponse.Status(code: result.reply.status))
    if result.isRepeated, let field = Self.repeatedField { response.headers[field] = "true" }
    return response
  }

  private static func key(of request: Request) throws -> String {
    guard let field = keyField, let key = request.headers[field], (1...255).contains(key.utf8.count) else {
      throw ProblemError(
        ProblemDetails(
          status: 400, code: "idempotency-key-missing", title: "The header Idempotency-Key is missing",
          detail: "Send a fresh key of 1 to 255 characters with each request, and the same key when you repeat it."))
    }
    return key
  }

  private static func address(_ report: ReportMessage.Report) -> ReportedAddress {
    ReportedAddress(
      address: Array(report.address.utf8), kind: report.kind,
      remarks: ReportRemarks(note: report.note, statedAt: report.statedAt, statedSource: report.statedSource))
  }

  private static func encode(_ outcomes: [ReportOutcome]) -> SavedReply {
    let reply = ReportReply(
      results: outcomes.map { outcome in
        switch outcome {
        case .new(let id): .new(id)
        case .sighted(let id): .sighted(id)
        case .rejected(let rejection): .rejected(code: rejection.code.rawValue, meaning: rejection.code.meaning)
        }
      })
    return SavedReply(status: reply.status, body: String(decoding: reply.json, as: UTF8.self))
  }
}
