import Casework
import Domain
import HTTPTypes
import Hummingbird

/// Signing in and out.
struct SignInPage: Sendable {
  let desk: Desk
  let crossSite: CrossSite
  let words: Words

  private static let formCookie = "cordon_form"

  /// The form; its token belongs to a cookie of its own, because there is no session yet.
  func show(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    let mark = request.cookies[Self.formCookie]?.value ?? Self.mark(desk.random)
    var response = PageReply.html(
      root(mark: mark, next: request.uri.queryParameters["next"].map(String.init), name: nil, hasFailed: false))
    response.headers[values: .setCookie] = ["\(Self.formCookie)=\(mark); Path=/sign-in; HttpOnly; SameSite=Strict"]
    return response
  }

  func signIn(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
    guard crossSite.isOwn(request), let mark = request.cookies[Self.formCookie]?.value else {
      throw VisitFault.foreignForm
    }
    let form = try await Doorkeeper.form(of: request)
    guard crossSite.isValid(form["token"], for: Self.subject(mark)) else { throw VisitFault.foreignForm }
    do {
      let session = try await desk.signIn(name: form.text("name") ?? "", password: form["password"] ?? "")
      var response = PageReply.redirect(form["next"].flatMap { Target(local: $0) } ?? Target())
      response.headers[values: .setCookie] = [SessionCookie.set(session.secret, for: request)]
      return response
    } catch Refusal.notSignedIn {
      return PageReply.html(
        root(mark: mark, next: form["next"], name: form["name"], hasFailed: true), status: .unauthorized)
    }
  }

  @Sendable func signOut(_ visit: Visit) async throws -> Response {
    try await desk.signOut(visit.caller)
    var response = PageReply.redirect(Target("sign-in"))
    response.headers[values: .setCookie] = [SessionCookie.clear(for: visit.request)]
    return response
  }

  private static func subject(_ mark: String) -> String { "sign-in " + mark }

  private static func mark(_ random: any RandomSource) -> String {
    let words = random.words()
    return Hex.encode(Identifier(high: words.0, low: words.1).bytes)
  }

  private func root(mark: String, next: String?, name: String?, hasFailed: Bool) -> Node {
    Shell(words: words, title: words("sign_in.title")).openRoot {
      el("div", .class("door")) {
        el("h1") { words("sign_in.title") }
        if hasFailed {
          el("div", .class("notice bad"), Attribute("role", "alert")) { el("p") { words("sign_in.failed") } }
        }
        el("form", Attribute("method", "post"), .action(Target("sign-in"))) {
          el("input", .type("hidden"), .name("token"), .value(crossSite.token(for: Self.subject(mark))))
          next.map { el("input", .type("hidden"), .name("next"), .value($0)) }
          Field(name: "name", label: words("sign_in.name"), isNeeded: true)
            .input("text", value: name, autocomplete: "username")
          Field(name: "password", label: words("sign_in.password"), isNeeded: true)
            .input("password", value: nil, autocomplete: "current-password")
          el("button", .class("primary")) { words("sign_in.do") }
        }
        el("p", .class("hint")) { words("sign_in.help") }
      }
    }
  }
}
