import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// Replies of the console, each with the headers that keep a page from being anything else.
enum PageReply {
  /// Nothing is loaded, framed, sent or run that is not ours; no script or style stands in a page.
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

  static func headers(type: String) -> HTTPFields {
    var headers = HTTPFields()
    headers[.contentType] = type
    headers[.contentSecurityPolicy] = policy
    headers[.xContentTypeOptions] = "nosniff"
    headers[.cacheControl] = "no-store"
    for (name, value) in [
      ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
      ("Cross-Origin-Resource-Policy", "same-origin"),
    ] {
      if let name = HTTPField.Name(name) { headers[name] = value }
    }
    return headers
  }

  static func html(_ root: Node, status: HTTPResponse.Status = .ok) -> Response {
    bytes(MarkupWriter.document(root), type: "text/html; charset=utf-8", status: status)
  }

  static func bytes(_ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: headers(type: type), body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// A file to keep.
  static func download(_ text: String, named name: String) -> Response {
    var response = bytes(Array(text.utf8), type: "text/plain; charset=utf-8")
    response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
    return response
  }

  /// See other: what a form did is not done again by loading its page anew.
  static func redirect(_ target: Target) -> Response {
    var response = Response(status: .seeOther, headers: headers(type: "text/plain"), body: ResponseBody())
    response.headers[.location] = target.text
    return response
  }
}
