import NIOCore

/// What is sent back; no header changes from one run to the next.
package enum Response {
  case sent(status: Int, type: ContentType, headers: [(String, String)], body: [UInt8])
  /// The connection is closed without a word.
  case closed

  package enum ContentType: String {
    case html = "text/html; charset=utf-8"
    case json = "application/json"
    case jsonLines = "application/jsonl"
    case text = "text/plain; charset=utf-8"
  }

  static func json(_ body: [UInt8], status: Int = 200) -> Response {
    .sent(status: status, type: .json, headers: [], body: body)
  }

  static func problem(_ status: Int, _ sentence: String) -> Response {
    .sent(status: status, type: .text, headers: [], body: Array((sentence + "\n").utf8))
  }
}

extension ByteBuffer {
  /// Everything up to the empty line.
  mutating func writeHead(
    status: Int, type: Response.ContentType, location: String? = nil, headers: [(String, String)] = [],
    length: Int, isKeptAlive: Bool
  ) {
    switch status {
    case 200: writeStaticString("HTTP/1.1 200 OK\r\n")
    default: writeString("HTTP/1.1 \(status) \(Self.phrase(status))\r\n")
    }
    switch type {
    case .html: writeStaticString("content-type: text/html; charset=utf-8\r\n")
    default: writeString("content-type: \(type.rawValue)\r\n")
    }
    writeStaticString("content-length: ")
    writeString(String(length))
    if let location { writeString("\r\nlocation: \(location)") }
    for (name, value) in headers { writeString("\r\n\(name): \(value)") }
    if isKeptAlive { writeStaticString("\r\n\r\n") } else { writeStaticString("\r\nconnection: close\r\n\r\n") }
  }

  private static func phrase(_ status: Int) -> String {
    switch status {
    case 202: "Accepted"
    case 301: "Moved Permanently"
    case 302: "Found"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 409: "Conflict"
    case 410: "Gone"
    case 413: "Content Too Large"
    case 421: "Misdirected Request"
    case 429: "Too Many Requests"
    case 451: "Unavailable For Legal Reasons"
    case 503: "Service Unavailable"
    default: "Status"
    }
  }
}
