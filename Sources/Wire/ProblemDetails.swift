public import Domain

/// An error as the API tells it (RFC 9457); this is the only place where outcomes become status codes' bodies.
public struct ProblemDetails: Sendable, Hashable {
  public static let mediaType = "application/problem+json"

  public let status: Int
  /// A short word for programs, such as `not-found`; it ends the problem's `type`.
  public let code: String
  public let title: String
  public let detail: String?

  public init(status: Int, code: String, title: String, detail: String? = nil) {
    self.status = status
    self.code = code
    self.title = title
    self.detail = detail
  }

  public func write(to json: inout JSONWriter) {
    json.object { json in
      if let detail {
        json.key("detail")
        json.string(detail)
      }
      json.key("status")
      json.integer(Int64(status))
      json.key("title")
      json.string(title)
      json.key("type")
      json.string("urn:cordon:problem:\(code)")
    }
  }
}
