import HTTPTypes
import Hummingbird
import Wire

/// Registers what a path answers to; every other method gets 405 and is told which there are.
struct Endpoints {
  typealias Handler = @Sendable (Request, BasicRequestContext) async throws -> Response

  private static let methods: [HTTPRequest.Method] =
    [.get, .head, .post, .put, .delete, .patch, .options, .trace, .connect]
    + [HTTPRequest.Method("QUERY")].compactMap { $0 }

  private let group: RouterGroup<BasicRequestContext>

  init(_ group: RouterGroup<BasicRequestContext>) { self.group = group }

  func add(_ path: RouterPath, _ handlers: [HTTPRequest.Method: Handler]) {
    var handlers = handlers
    // RFC 9110, section 9.3.2: HEAD is GET without the content.
    if let get = handlers[.get] {
      handlers[.head] = { request, context in
        var response = try await get(request, context)
        response.body = ResponseBody(contentLength: response.body.contentLength) { try await $0.finish(nil) }
        return response
      }
    }
    let allowed = handlers.keys.map(\.rawValue).sorted().joined(separator: ", ")
    for method in Self.methods {
      if let handler = handlers[method] {
        group.on(path, method: method, use: handler)
      } else {
        group.on(path, method: method) { _, _ -> Response in throw ProblemError.methodNotAllowed(allowed) }
      }
    }
  }
}
