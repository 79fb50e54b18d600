import Domain

/// Members that several messages read alike.
extension JSONObject {
  func objects(_ key: String) throws(JSONFault) -> [JSONObject] {
    guard case .array(let values)? = self[key] else { throw .missing(key) }
    return try values.map { value throws(JSONFault) in
      guard case .object(let object) = value else { throw .wrongType(key) }
      return object
    }
  }

  func optionalCode<Code: RawRepresentable>(_ key: String) throws(JSONFault) -> Code? where Code.RawValue == String {
    guard let text = try optionalText(key) else { return nil }
    guard let code = Code(rawValue: text) else { throw .wrongType(key) }
    return code
  }

  func codes<Code: RawRepresentable>(_ key: String) throws(JSONFault) -> [Code] where Code.RawValue == String {
    try texts(key).map { text throws(JSONFault) in
      guard let code = Code(rawValue: text) else { throw .wrongType(key) }
      return code
    }
  }
}
