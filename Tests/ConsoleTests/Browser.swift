import Casework
import Console
import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import TestDesks

/// Asks the console's router without a socket, keeping the cookies as a browser does.
final class Browser {
  private let responder: RouterResponder<BasicRequestContext>
  private let channel = EmbeddedChannel()
  private var cookies: [String: String] = [:]

  init(_ desk: Desk) {
    let router = Router()
    ConsolePages(desk: desk).addRoutes(to: router)
    responder = router.buildResponder()
  }

  struct Answer {
    let status: Int
    let headers: HTTPFields
    let text: String
    /// The `Set-Cookie` fields as they came.
    let set: [String]
  }

  func send(
    _ method: HTTPRequest.Method, _ path: String, form: String? = nil, headers: [String: String] = [:]
  ) async throws -> Answer {
    var fields = HTTPFields()
    fields[.accept] = "text/html"
    if !cookies.isEmpty { fields[.cookie] = cookies.map { "\($0)=\($1)" }.sorted().joined(separator: "; ") }
    for (name, value) in headers {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    let head = HTTPRequest(method: method, scheme: "http", authority: "desk.example", path: path, headerFields: fields)
    let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(string: form ?? "")))
    var logger = Logger(label: "test")
    // The server gives each request a number in its logger.
    logger[metadataKey: "hb.request.id"] = "1"
    let context = BasicRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
    let response = try await responder.respond(to: request, context: context)
    let sink = Sink()
    try await response.body.write(sink)
    let set = response.headers[values: .setCookie]
    for cookie in set { keep(cookie) }
    return Answer(status: response.status.code, headers: response.headers, text: sink.text, set: set)
  }

  func get(_ path: String) async throws -> Answer { try await send(.get, path) }

  /// Posts a form with the token of this session.
  func post(_ path: String, _ form: String) async throws -> Answer {
    let token = Self.token(in: try await get("/operations").text)
    return try await send(.post, path, form: form + "&token=" + token)
  }

  func signIn(_ name: String, password: String, next: String = "") async throws -> Answer {
    let token = Self.token(in: try await get("/sign-in").text)
    return try await send(
      .post, "/sign-in", form: "token=\(token)&name=\(name)&password=\(password)&next=\(next)")
  }

  static func token(in page: String) -> String {
    guard let start = page.firstRange(of: "name=\"token\" value=\"") else { return "" }
    return String(page[start.upperBound...].prefix { $0 != "\"" })
  }

  private func keep(_ cookie: String) {
    let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
    if pair.count == 2 { cookies[String(pair[0])] = String(pair[1]) }
  }
}

/// Takes a response's body.
private final class Sink: ResponseBodyWriter {
  private var buffer = ByteBuffer()

  var text: String { String(buffer: buffer) }

  func write(_ bytes: ByteBuffer) async throws { buffer.writeImmutableBuffer(bytes) }

  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension TestDesk {
  static let password = "correct-horse-battery"

  /// A browser in which somebody with these roles is signed in.
  func browser(_ name: String, _ roles: Set<Role>, agency: String? = nil) async throws -> Browser {
    _ = try await desk.addUser(name, roles: roles, agencyName: agency, password: Self.password, as: owner)
    let browser = Browser(desk)
    _ = try await browser.signIn(name, password: Self.password)
    return browser
  }
}
