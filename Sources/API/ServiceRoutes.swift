import Casework
import Domain
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// What every serving process answers, whatever its roles are.
struct ServiceRoutes: Sendable {
  let desk: Desk

  func add(to service: Endpoints) {
    service.add(
      "/openapi.yaml", [.get: { _, _ in Reply.text(OpenAPIDocument.text, type: "application/yaml") }])
    service.add("/healthz", [.get: { _, _ in Reply.text("ok\n") }])
    service.add("/readyz", [.get: { _, _ in try await ready() }])
    // Whoever may see them is answered before; for everybody else there are none.
    service.add("/metrics", [.get: { _, _ in throw Refusal.notFound("such page for you") }])
  }

  /// Whether the record can be read and written.
  private func ready() async throws -> Response {
    _ = try await desk.store.read { try $0.installation() }
    if let closed = desk.store.closed {
      // The operator's own programs ask; the reason names no address and no person.
      throw ProblemError(Problems.restartNeeded(closed.description))
    }
    return Reply.text("ok\n")
  }
}
