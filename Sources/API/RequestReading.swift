import Casework
import Domain
import Hummingbird
import Storage

// What stands in a request's path and query.

extension BasicRequestContext {
  /// The identifier in the path.
  ///
  /// What is no identifier is not found, and only for a caller who may ask at all: others are told
  /// the same as for one that is there.
  func id<Subject>(_ what: String, as caller: Caller, _ permission: Permission) throws(Refusal) -> ID<Subject> {
    if let id = parameters.get("id").flatMap({ ID<Subject>($0) }) { return id }
    throw caller.refusal("such \(what)", unless: permission)
  }
}

extension Caller {
  /// That there is no such thing; for a caller without the permission, that they lack it.
  func refusal(_ what: String, unless permission: Permission) -> Refusal {
    permits(permission) ? .notFound(what) : .notPermitted(permission)
  }
}

extension Request {
  func number(_ name: Substring, within range: ClosedRange<Int64>) throws(ProblemError) -> Int64? {
    guard let text = uri.queryParameters[name] else { return nil }
    guard let number = Int64(text), range.contains(number) else {
      throw ProblemError.badRequest("`\(name)` must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func code<Code: RawRepresentable & CaseIterable>(_ name: Substring) throws(ProblemError) -> Code?
  where Code.RawValue == String {
    guard let text = uri.queryParameters[name] else { return nil }
    guard let code = Code(rawValue: String(text)) else {
      throw ProblemError.badRequest(
        "`\(name)` must be one of \(Code.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return code
  }

  func id<Subject>(_ name: Substring) throws(ProblemError) -> ID<Subject>? {
    guard let text = uri.queryParameters[name] else { return nil }
    guard let id = ID<Subject>(text) else { throw ProblemError.badRequest("`\(name)` must be an identifier, a UUID") }
    return id
  }

  /// `after` and `limit`.
  func page() throws(ProblemError) -> Page {
    let after = try number("after", within: -1...Int64.max) ?? -1
    let limit = try number("limit", within: 1...1_000) ?? 100
    return Page(after: after, limit: Int(limit))
  }
}
