/// Members that events of several kinds read alike.
extension JSONObject {
  func boolean(_ key: String) throws(JSONFault) -> Bool {
    guard case .boolean(let value)? = self[key] else { throw .missing(key) }
    return value
  }

  func optionalInstant(_ key: String) throws(JSONFault) -> Instant? {
    guard try optionalText(key) != nil else { return nil }
    return try instant(key)
  }

  func optionalBytes(hex key: String) throws(JSONFault) -> [UInt8]? {
    guard try optionalText(key) != nil else { return nil }
    return try bytes(hex: key)
  }

  func locatorDigest(_ key: String = "locator") throws(JSONFault) -> LocatorDigest {
    guard let digest = LocatorDigest(bytes: try bytes(hex: key)) else { throw .wrongType(key) }
    return digest
  }
}
