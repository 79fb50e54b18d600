import Crypto
import Domain
import HTTPTypes
import Hummingbird

/// Styles, scripts and the icon: small files inside the program, under names that change with their content.
enum Asset {
  private static let types = [
    "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
  ]
  private static let names = ["board.js", "console.css", "icon.svg", "item.js", "keys.js", "queue.js"]

  private static let files: [String: (bytes: [UInt8], type: String)] = {
    var files: [String: (bytes: [UInt8], type: String)] = [:]
    for name in names {
      guard let bytes = Resource.bytes(of: "console/\(name)"), let type = types[ending(of: name)] else { continue }
      files[name] = (bytes, type)
    }
    return files
  }()

  /// Of all files together: modules name each other without it.
  private static let version: String = {
    var hash = SHA256()
    for name in names { hash.update(data: files[name]?.bytes ?? []) }
    return String(Hex.encode(Array(hash.finalize())).prefix(12))
  }()

  private static func ending(of name: String) -> String { String(name.split(separator: ".").last ?? "") }

  static func target(_ name: String) -> Target { Target("assets", version, name) }

  /// The file; one of another version is sent too, but not to be kept.
  static func response(_ name: String, version asked: String?) throws -> Response {
    guard let file = files[name] else { throw HTTPError(.notFound) }
    var response = PageReply.bytes(file.bytes, type: file.type)
    if asked == version { response.headers[.cacheControl] = "public, max-age=31536000, immutable" }
    return response
  }
}
