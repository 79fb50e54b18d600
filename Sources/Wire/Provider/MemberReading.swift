import Domain

extension JSONObject {
  /// An array of objects.
  func objects(_ key: String) throws(JSONFault) -> [JSONObject] {
    guard case .array(let values)? = self[key] else { throw .missing(key) }
    return try values.map { value throws(JSONFault) in
      guard case .object(let object) = value else { throw .wrongType(key) }
      return object
    }
  }
}
