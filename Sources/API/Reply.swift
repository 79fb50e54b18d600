import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import Wire

/// Responses with their media type, and headers that keep them from being anything else.
enum Reply {
  static func bytes(_ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = type
    headers[.cacheControl] = "no-store"
    headers[.xContentTypeOptions] = "nosniff"
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
    bytes(Array(text.utf8), type: type)
  }

  static func json(status: HTTPResponse.Status = .ok, _ write: (inout JSONWriter) -> Void) -> Response {
    var json = JSONWriter()
    write(&json)
    return bytes(json.bytes, type: "application/json", status: status)
  }

  /// 201, with the identifier of what was made.
  static func created(_ id: Identifier) -> Response {
    json(status: .created) { CreatedReply(id: id).write(to: &$0) }
  }
}

/// Request bodies, within a limit.
enum Body {
  /// What names one thing.
  static let few = 65_536
  /// A thousand entries, each with an address or reasons of some length.
  static let many = 8 << 20

  static func bytes(of request: Request, limit: Int) async throws -> [UInt8] {
    do {
      return Array(try await request.body.collect(upTo: limit).readableBytesView)
    } catch is NIOTooManyBytesError {
      throw ProblemError.tooLarge(limit: limit)
    }
  }

  /// A body that says nothing else than to be JSON.
  static func json(of request: Request, limit: Int) async throws -> [UInt8] {
    try requireJSON(request)
    return try await bytes(of: request, limit: limit)
  }

  static func requireJSON(_ request: Request) throws {
    guard let type = request.headers[.contentType] else { return }
    guard type.split(separator: ";").first?.trimmingPrefix(while: \.isWhitespace).lowercased() == "application/json"
    else { throw ProblemError.unsupportedType }
  }
}
