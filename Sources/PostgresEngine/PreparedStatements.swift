import CPQ
import Storage

/// The statements that the server of one connection has prepared, by their text and the types of their parameters.
struct PreparedStatements {
  private struct Key: Hashable {
    let sql: String
    let types: [Oid]
  }

  // What the record asks is some hundred texts; the rest is definitions that come once.
  private static let most = 1_024

  private var names: [Key: String] = [:]
  private var number = 0

  var isFull: Bool { names.count >= Self.most }

  mutating func removeAll() { names.removeAll() }

  /// The name of the prepared statement; asks the server to prepare it where it is new.
  mutating func name(of sql: String, types: [Oid], on handle: OpaquePointer) throws -> String {
    let key = Key(sql: sql, types: types)
    if let name = names[key] { return name }
    number += 1
    let name = "s\(number)"
    let result = PostgresResult(PQprepare(handle, name, Self.numbered(sql), Int32(types.count), types))
    try result.requireSuccess(on: handle)
    names[key] = name
    return name
  }

  /// `?` outside of quotation marks becomes `$1`, `$2`, …
  static func numbered(_ sql: String) -> String {
    var text = ""
    text.reserveCapacity(sql.utf8.count + 16)
    var number = 0
    var isQuoted = false
    for character in sql {
      if character == "'" { isQuoted.toggle() }
      if character == "?", !isQuoted {
        number += 1
        text += "$\(number)"
      } else {
        text.append(character)
      }
    }
    return text
  }
}
