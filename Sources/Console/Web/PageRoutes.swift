import Casework
import Domain
import HTTPTypes
import Hummingbird

/// Registers pages; what a path does not know gets 405, and nobody who is not signed in gets past it.
struct PageRoutes {
  typealias Handler = @Sendable (Visit) async throws -> Response
  typealias OpenHandler = @Sendable (Request, BasicRequestContext) async throws -> Response

  private static let methods: [HTTPRequest.Method] =
    [.get, .head, .post, .put, .delete, .patch, .options, .trace, .connect]
    + [HTTPRequest.Method("QUERY")].compactMap { $0 }

  private let router: Router<BasicRequestContext>
  private let doorkeeper: Doorkeeper

  init(router: Router<BasicRequestContext>, doorkeeper: Doorkeeper) {
    self.router = router
    self.doorkeeper = doorkeeper
  }

  /// A page for those who are signed in; a GET of somebody else is sent to sign in.
  func add(_ path: RouterPath, get: Handler? = nil, post: Handler? = nil) {
    addOpen(path, get: get.map(admitting), post: post.map(admittingForm))
  }

  private func admitting(_ handler: @escaping Handler) -> OpenHandler {
    { [doorkeeper] request, context in try await doorkeeper.admit(request, context, handler) }
  }

  private func admittingForm(_ handler: @escaping Handler) -> OpenHandler {
    { [doorkeeper] request, context in try await doorkeeper.admitForm(request, context, handler) }
  }

  /// A page for everybody.
  func addOpen(_ path: RouterPath, get: OpenHandler? = nil, post: OpenHandler? = nil) {
    var handlers: [HTTPRequest.Method: OpenHandler] = [:]
    handlers[.get] = get
    handlers[.post] = post
    if let get {
      // RFC 9110, section 9.3.2: HEAD is GET without the content.
      handlers[.head] = { request, context in
        var response = try await get(request, context)
        response.body = ResponseBody(contentLength: response.body.contentLength) { try await $0.finish(nil) }
        return response
      }
    }
    let allowed = handlers.keys.map(\.rawValue).sorted().joined(separator: ", ")
    for method in Self.methods {
      if let handler = handlers[method] {
        router.on(path, method: method, use: handler)
      } else {
        router.on(path, method: method) { _, _ -> Response in throw VisitFault.methodNotAllowed(allowed) }
      }
    }
  }
}

/// Lets signed-in people in, and only forms that came from their own pages.
struct Doorkeeper: Sendable {
  let desk: Desk
  let crossSite: CrossSite
  let words: Words

  func admit(
    _ request: Request, _ context: BasicRequestContext, _ handler: PageRoutes.Handler
  ) async throws -> Response {
    do {
      guard let secret = SessionCookie.secret(of: request) else { throw Refusal.notSignedIn }
      return try await handler(try await visit(request, context, secret: secret, form: .empty))
    } catch Refusal.notSignedIn {
      let path = request.uri.string
      return PageReply.redirect(Target("sign-in", query: [("next", path == "/" ? nil : path)]))
    }
  }

  func admitForm(
    _ request: Request, _ context: BasicRequestContext, _ handler: PageRoutes.Handler
  ) async throws -> Response {
    guard crossSite.isOwn(request) else { throw VisitFault.foreignForm }
    guard let secret = SessionCookie.secret(of: request) else { throw Refusal.notSignedIn }
    let form = try await Self.form(of: request)
    guard crossSite.isValid(form["token"], for: secret) else { throw VisitFault.foreignForm }
    return try await handler(try await visit(request, context, secret: secret, form: form))
  }

  static func form(of request: Request) async throws -> FormFields {
    let body = try await request.body.collect(upTo: FormFields.mostBytes)
    guard let form = FormFields(parsing: Array(body.readableBytesView)) else { throw VisitFault.unreadableForm }
    return form
  }

  private func visit(
    _ request: Request, _ context: BasicRequestContext, secret: String, form: FormFields
  ) async throws -> Visit {
    let caller = try await desk.authenticate(secret)
    var parameters: [String: String] = [:]
    for (name, value) in context.parameters { parameters[String(name)] = String(value) }
    return Visit(
      desk: desk, caller: caller, request: request, parameters: parameters, form: form,
      formToken: crossSite.token(for: secret), words: words, now: desk.clock.now())
  }
}
