/// A JSON text as it was read (RFC 8259); numbers are kept as integers, others are refused.
public indirect enum JSONValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// Reads one JSON text; nesting deeper than 64 is refused.
  public init(parsing bytes: [UInt8]) throws(JSONFault) {
    var parser = JSONParser(bytes: bytes)
    self = try parser.document()
  }
}

/// The members of a JSON object, in the order in which they were written.
public struct JSONObject: Sendable, Hashable {
  public let members: [Member]

  public struct Member: Sendable, Hashable {
    public let key: String
    public let value: JSONValue
  }

  public init(members: [Member] = []) { self.members = members }

  /// Reads a JSON text that must be an object.
  public init(parsing bytes: [UInt8]) throws(JSONFault) {
    guard case .object(let object) = try JSONValue(parsing: bytes) else { throw .notAnObject }
    self = object
  }

  /// The objects of events have a dozen members at most: looking through them beats hashing.
  public subscript(key: String) -> JSONValue? {
    members.first { $0.key == key }?.value
  }
}

/// Why a text is not the JSON that is read here.
public enum JSONFault: Error, Sendable, Hashable {
  case syntax(at: Int)
  case tooDeep
  case notAnInteger(at: Int)
  case notAnObject
  /// Of two values one would be lost without a word.
  case repeatedKey(String)
  case missing(String)
  case wrongType(String)
}

extension JSONObject {
  public func text(_ key: String) throws(JSONFault) -> String {
    guard let value = try optionalText(key) else { throw .missing(key) }
    return value
  }

  public func optionalText(_ key: String) throws(JSONFault) -> String? {
    switch self[key] {
    case nil, .null?: return nil
    case .string(let text)?: return text
    default: throw .wrongType(key)
    }
  }

  public func integer(_ key: String) throws(JSONFault) -> Int64 {
    guard let value = try optionalInteger(key) else { throw .missing(key) }
    return value
  }

  public func optionalInteger(_ key: String) throws(JSONFault) -> Int64? {
    switch self[key] {
    case nil, .null?: return nil
    case .integer(let value)?: return value
    default: throw .wrongType(key)
    }
  }

  public func identifier(_ key: String) throws(JSONFault) -> Identifier {
    guard let value = Identifier(try text(key)) else { throw .wrongType(key) }
    return value
  }

  public func optionalIdentifier(_ key: String) throws(JSONFault) -> Identifier? {
    guard let text = try optionalText(key) else { return nil }
    guard let value = Identifier(text) else { throw .wrongType(key) }
    return value
  }

  public func instant(_ key: String) throws(JSONFault) -> Instant {
    guard let value = Instant(rfc3339: try text(key)) else { throw .wrongType(key) }
    return value
  }

  public func bytes(hex key: String) throws(JSONFault) -> [UInt8] {
    guard let value = Hex.decode(try text(key)) else { throw .wrongType(key) }
    return value
  }

  public func texts(_ key: String) throws(JSONFault) -> [String] {
    guard case .array(let values)? = self[key] else { throw .missing(key) }
    var texts: [String] = []
    for value in values {
      guard case .string(let text) = value else { throw .wrongType(key) }
      texts.append(text)
    }
    return texts
  }

  public func integers(_ key: String) throws(JSONFault) -> [Int64] {
    guard case .array(let values)? = self[key] else { throw .missing(key) }
    var integers: [Int64] = []
    for value in values {
      guard case .integer(let integer) = value else { throw .wrongType(key) }
      integers.append(integer)
    }
    return integers
  }

  /// A text that is one of the codes.
  public func code<Code: RawRepresentable>(_ key: String) throws(JSONFault) -> Code where Code.RawValue == String {
    guard let code: Code = try optionalCode(key) else { throw .missing(key) }
    return code
  }

  public func optionalCode<Code: RawRepresentable>(_ key: String) throws(JSONFault) -> Code?
  where Code.RawValue == String {
    guard let text = try optionalText(key) else { return nil }
    guard let code = Code(rawValue: text) else { throw .wrongType(key) }
    return code
  }

  public func codes<Code: RawRepresentable>(_ key: String) throws(JSONFault) -> [Code] where Code.RawValue == String {
    try texts(key).map { text throws(JSONFault) in
      guard let code = Code(rawValue: text) else { throw .wrongType(key) }
      return code
    }
  }
}
