import Domain

/// JSON as it is printed.
enum JSONText {
  static func bytes(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
    var json = JSONWriter()
    write(&json)
    return json.finish()
  }

  static func of(_ write: (inout JSONWriter) -> Void) -> String { String(decoding: bytes(write), as: UTF8.self) }
}
