import Casework
import Domain
import Hummingbird
import Storage

/// One request of a signed-in person.
struct Visit: Sendable {
  let desk: Desk
  let caller: Caller
  let request: Request
  /// Of the path.
  let parameters: [String: String]
  /// What a POST sent; empty for a GET.
  let form: FormFields
  /// The token that every form of this session carries.
  let formToken: String
  let words: Words
  let now: Instant

  func query(_ name: String) -> String? {
    request.uri.queryParameters[Substring(name)].map(String.init).flatMap { $0.isEmpty ? nil : $0 }
  }

  func queries(_ name: String) -> [String] { request.uri.queryParameters.getAll(name) }

  /// The identifier in the path; what is none names nothing that there is.
  func id<Subject>(_ name: String = "id", of what: String) throws -> ID<Subject> {
    guard let id = parameters[name].flatMap({ ID<Subject>($0) }) else { throw Refusal.notFound("such \(what)") }
    return id
  }

  func index(_ name: String) throws -> Int64 {
    guard let index = parameters[name].flatMap({ Int64($0) }), index >= 0 else {
      throw Refusal.notFound("such entry")
    }
    return index
  }

  var operation: ID<Operation>? { query("operation").flatMap { ID($0) } }

  /// Which page of a list is asked for.
  func page(limit: Int) -> Page {
    Page(after: query("after").flatMap { Int64($0) } ?? -1, limit: limit)
  }

  /// The hidden field of every form.
  var tokenField: Node { el("input", .type("hidden"), .name("token"), .value(formToken)) }
}
