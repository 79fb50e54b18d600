import Casework
import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Storage

/// Something that went wrong with a visit and is told on a page.
enum VisitFault: Error, Sendable, Hashable {
  /// The form did not come from a page of this session.
  case foreignForm
  case unreadableForm
  case methodNotAllowed(String)
  /// What a process keeps in memory is gone.
  case forgotten
}

/// Makes a page of whatever was thrown; the only place of the console that knows which error is which status.
struct PageFaults: RouterMiddleware {
  typealias Context = BasicRequestContext

  let words: Words

  func handle(
    _ request: Request, context: BasicRequestContext, next: (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as any HTTPResponseError where !Self.wantsPage(request) {
      // A program that asks for what there is none of is answered by the API.
      throw error
    } catch {
      let fault = PageFault(error, requestID: context.id)
      if fault.status.code >= 500 {
        context.logger.error(
          "page failed", metadata: ["request": "\(context.id)", "reason": "\(Self.logged(error))"])
      }
      var response = PageReply.html(FaultPage(words: words, fault: fault).root, status: fault.status)
      if case VisitFault.methodNotAllowed(let allowed) = error { response.headers[.allow] = allowed }
      if case Refusal.notSignedIn = error {
        response.headers[values: .setCookie] = [SessionCookie.clear(for: request)]
      }
      return response
    }
  }

  private static func wantsPage(_ request: Request) -> Bool {
    !request.uri.path.hasPrefix("/api/") && request.headers[.accept]?.contains("text/html") == true
  }

  private static func logged(_ error: any Error) -> String {
    (error as? StorageError)?.description ?? "\(type(of: error))"
  }
}

/// An error as it is told to a person.
struct PageFault: Sendable, Hashable {
  let status: HTTPResponse.Status
  /// The messages `fault.CODE.title` and `fault.CODE.text`.
  let code: String
  let detail: String?

  init(status: HTTPResponse.Status, code: String, detail: String?) {
    self.status = status
    self.code = code
    self.detail = detail
  }

  init(_ error: any Error, requestID: String) {
    switch error {
    case let refusal as Refusal: self.init(refusal)
    case let fault as VisitFault:
      switch fault {
      case .foreignForm: self.init(status: .forbidden, code: "foreign_form", detail: nil)
      case .unreadableForm: self.init(status: .badRequest, code: "unreadable_form", detail: nil)
      case .methodNotAllowed(let allowed):
        self.init(status: .methodNotAllowed, code: "method_not_allowed", detail: allowed)
      case .forgotten: self.init(status: .notFound, code: "forgotten", detail: nil)
      }
    case let error as StorageError: self.init(error, requestID: requestID)
    case is NIOTooManyBytesError: self.init(status: .contentTooLarge, code: "too_large", detail: nil)
    case let error as any HTTPResponseError where error.status == .notFound:
      self.init(status: .notFound, code: "not_found", detail: nil)
    default: self.init(status: .internalServerError, code: "internal", detail: requestID)
    }
  }

  init(_ refusal: Refusal) {
    let detail = refusal.description
    switch refusal {
    case .notSignedIn: self.init(status: .unauthorized, code: "not_signed_in", detail: nil)
    case .notPermitted: self.init(status: .forbidden, code: "not_permitted", detail: detail)
    case .notFound: self.init(status: .notFound, code: "not_found", detail: detail)
    case .taken: self.init(status: .conflict, code: "taken", detail: detail)
    case .invalid, .keyReused: self.init(status: .unprocessableContent, code: "invalid", detail: detail)
    case .samePerson: self.init(status: .forbidden, code: "same_person", detail: detail)
    case .stale: self.init(status: .conflict, code: "stale", detail: detail)
    case .notNow: self.init(status: .conflict, code: "not_now", detail: detail)
    }
  }

  private init(_ error: StorageError, requestID: String) {
    switch error {
    case .full: self.init(status: .serviceUnavailable, code: "disk_full", detail: requestID)
    case .unavailable, .inputOutput, .closed, .outcomeUnknown:
      self.init(status: .serviceUnavailable, code: "unavailable", detail: requestID)
    case .damaged, .newer, .older, .foreign, .conflict:
      self.init(status: .internalServerError, code: "internal", detail: requestID)
    }
  }
}
