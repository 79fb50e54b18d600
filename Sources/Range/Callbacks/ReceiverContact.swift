import Domain

extension ReceiverContact {
  /// Reads `{"callback":…,"credentials":{…},"webhook_secret":…}`; every member may be missing.
  init(_ json: JSONObject) throws(JSONFault) {
    self.init(callback: try json.optionalText("callback"))
    if case .object(let tokens)? = json["credentials"] {
      for member in tokens.members { credentials[member.key] = try tokens.text(member.key) }
    }
    if let secret = try json.optionalText("webhook_secret") {
      guard let bytes = Hex.decode(secret) else { throw .wrongType("webhook_secret") }
      webhookSecret = bytes
    }
  }

  /// Reads an object of providers' names and tokens; `webhook_secret` beside them is that of the webhook.
  public mutating func read(credentials bytes: [UInt8]) throws {
    let json = try JSONObject(parsing: bytes)
    for member in json.members where member.key != "webhook_secret" {
      guard RangeProvider(name: member.key) != nil else { throw JSONFault.wrongType(member.key) }
      credentials[member.key] = try json.text(member.key)
    }
    if json["webhook_secret"] != nil { webhookSecret = try json.bytes(hex: "webhook_secret") }
  }

  /// Whether answers can be sent there.
  public static func isUsable(callback: String) -> Bool { Receiver(callback) != nil }
}
