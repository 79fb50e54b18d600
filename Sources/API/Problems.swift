import Casework
import Domain
import HTTPTypes
import Hummingbird
import Logging
import Storage
import Wire

/// A problem that is thrown where it is found.
struct ProblemError: Error {
  let problem: ProblemDetails
  /// The methods that there are, for 405.
  let allow: String?

  init(_ problem: ProblemDetails, allow: String? = nil) {
    self.problem = problem
    self.allow = allow
  }

  static func methodNotAllowed(_ allowed: String) -> ProblemError {
    ProblemError(
      ProblemDetails(
        status: 405, code: "method-not-allowed", title: "The path does not know this method",
        detail: "It knows \(allowed)."), allow: allowed)
  }

  static func badRequest(_ detail: String) -> ProblemError {
    ProblemError(ProblemDetails(status: 400, code: "bad-request", title: "The request can't be read", detail: detail))
  }

  static var unsupportedType: ProblemError {
    ProblemError(
      ProblemDetails(
        status: 415, code: "unsupported-media-type", title: "The body must be JSON",
        detail: "Send it with Content-Type: application/json."))
  }

  static func tooLarge(limit: Int) -> ProblemError {
    ProblemError(
      ProblemDetails(
        status: 413, code: "too-large", title: "The body is too large",
        detail: "At most \(limit) bytes are taken; send less in one request."))
  }
}

/// Turns whatever was thrown into problem details; the only place that knows which error is which status.
struct Problems: RouterMiddleware {
  typealias Context = BasicRequestContext

  func handle(
    _ request: Request, context: BasicRequestContext,
    next: (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      let problem = Self.problem(for: error, requestID: context.id)
      if problem.status >= 500 {
        // The reason is for the operator's log; it names no address and no person.
        context.logger.error(
          "request failed", metadata: ["request": "\(context.id)", "reason": "\(Self.logged(error))"])
      }
      var response = Self.response(problem)
      if let allow = (error as? ProblemError)?.allow { response.headers[.allow] = allow }
      return response
    }
  }

  private static func response(_ problem: ProblemDetails) -> Response {
    var response = Reply.json(status: HTTPResponse.Status(code: problem.status)) { problem.write(to: &$0) }
    response.headers[.contentType] = ProblemDetails.mediaType
    // A standby takes over, or somebody starts the service again, within seconds rather than hours.
    if problem.status == 503 { response.headers[.retryAfter] = "5" }
    if problem.status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
    return response
  }

  static func problem(for error: any Error, requestID: String) -> ProblemDetails {
    switch error {
    case let error as ProblemError: error.problem
    case let fault as MessageFault:
      ProblemDetails(status: 400, code: "bad-request", title: "The request can't be read", detail: fault.description)
    case let refusal as Refusal: problem(for: refusal)
    case let error as StorageError: problem(for: error, requestID: requestID)
    case let error as any HTTPResponseError:
      ProblemDetails(status: error.status.code, code: "http-\(error.status.code)", title: error.status.reasonPhrase)
    default:
      ProblemDetails(
        status: 500, code: "internal", title: "Something went wrong here",
        detail: "Tell the operator the number of the request: \(requestID)")
    }
  }

  static func problem(for refusal: Refusal) -> ProblemDetails {
    let detail = refusal.description
    return switch refusal {
    case .notSignedIn:
      ProblemDetails(status: 401, code: "not-signed-in", title: "Who you are is not known", detail: detail)
    case .notPermitted:
      ProblemDetails(status: 403, code: "not-permitted", title: "Your roles do not allow it", detail: detail)
    case .notFound:
      ProblemDetails(status: 404, code: "not-found", title: "There is none, or none that you may see", detail: detail)
    case .taken: ProblemDetails(status: 409, code: "taken", title: "The name is taken", detail: detail)
    case .invalid: ProblemDetails(status: 422, code: "invalid", title: "It can't be done as asked", detail: detail)
    case .keyReused:
      ProblemDetails(
        status: 422, code: "idempotency-key-reused", title: "The key was used for another request", detail: detail)
    case .samePerson:
      ProblemDetails(status: 403, code: "same-person", title: "A second person is needed", detail: detail)
    case .stale: ProblemDetails(status: 409, code: "stale", title: "What you saw has changed", detail: detail)
    case .notNow: ProblemDetails(status: 409, code: "not-now", title: "It can't be done now", detail: detail)
    }
  }

  private static func problem(for error: StorageError, requestID: String) -> ProblemDetails {
    let detail = "Nothing of this request was kept. Tell the operator its number: \(requestID)"
    return switch error {
    case .full: ProblemDetails(status: 507, code: "disk-full", title: "The disk is full", detail: detail)
    case .inputOutput:
      ProblemDetails(status: 503, code: "disk-failed", title: "The disk has failed", detail: detail)
    case .closed:
      restartNeeded(
        "A write to the disk has failed, and nothing is written since. Nothing of this request was kept: the operator "
          + "has to see to the disk and start the service again (number \(requestID)).")
    case .unavailable:
      ProblemDetails(status: 503, code: "unavailable", title: "The record is not available", detail: detail)
    case .outcomeUnknown:
      ProblemDetails(
        status: 503, code: "outcome-unknown", title: "It is not known whether the request was kept",
        detail: "Send it again, with the same Idempotency-Key where the operation takes one.")
    case .damaged, .newer, .older, .foreign, .conflict:
      ProblemDetails(status: 500, code: "internal", title: "Something went wrong here", detail: detail)
    }
  }

  static func restartNeeded(_ detail: String) -> ProblemDetails {
    ProblemDetails(
      status: 503, code: "restart-needed", title: "Nothing is written until the service is started again",
      detail: detail)
  }

  private static func logged(_ error: any Error) -> String {
    (error as? StorageError)?.description ?? "\(type(of: error))"
  }
}
