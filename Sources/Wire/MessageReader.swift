public import Domain

/// Reads the members of an object that came from outside, each checked.
///
/// What is wrong is told in a sentence that names the member. No text holds the character NUL, which a
/// database of text can't keep.
public struct MessageReader: Sendable {
  private let json: JSONObject

  public init(_ json: JSONObject) { self.json = json }

  /// Reads a body that must be one JSON object.
  public init(parsing body: [UInt8]) throws(MessageFault) {
    do { json = try JSONObject(parsing: body) } catch { throw MessageFault(error) }
  }

  public func has(_ key: String) -> Bool { json[key] != nil }

  /// Throws at a member that is not among `known`: a misspelt one would otherwise be lost without a word.
  public func refuseUnknown(known: [String]) throws(MessageFault) {
    for member in json.members where !known.contains(member.key) {
      throw MessageFault("there is no member `\(member.key)`; known are \(known.sorted().joined(separator: ", "))")
    }
  }

  public func text(_ key: String) throws(MessageFault) -> String { try present(optionalText(key), key) }

  public func optionalText(_ key: String) throws(MessageFault) -> String? {
    let text: String?
    do { text = try json.optionalText(key) } catch { throw MessageFault(error) }
    guard text?.utf8.contains(0) != true else { throw MessageFault("`\(key)` must not hold the character NUL") }
    return text
  }

  public func boolean(_ key: String) throws(MessageFault) -> Bool { try present(optionalBoolean(key), key) }

  public func optionalBoolean(_ key: String) throws(MessageFault) -> Bool? {
    switch json[key] {
    case nil, .null?: return nil
    case .boolean(let value)?: return value
    default: throw MessageFault("`\(key)` must be true or false")
    }
  }

  public func integer(_ key: String) throws(MessageFault) -> Int64 { try present(optionalInteger(key), key) }

  public func optionalInteger(_ key: String) throws(MessageFault) -> Int64? {
    do { return try json.optionalInteger(key) } catch { throw MessageFault(error) }
  }

  /// How many there are of something: 0 up to the largest number that every reader of JSON keeps (RFC 8259, section 6).
  public func count(_ key: String) throws(MessageFault) -> Int64 {
    let count = try integer(key)
    guard (0..<1 << 53).contains(count) else { throw MessageFault("`\(key)` must be a number from 0 to 2^53 - 1") }
    return count
  }

  public func id<Subject>(_ key: String) throws(MessageFault) -> ID<Subject> { try present(optionalID(key), key) }

  public func optionalID<Subject>(_ key: String) throws(MessageFault) -> ID<Subject>? {
    guard let text = try optionalText(key) else { return nil }
    guard let id = ID<Subject>(text) else { throw MessageFault("`\(key)` must be an identifier, a UUID") }
    return id
  }

  public func instant(_ key: String) throws(MessageFault) -> Instant { try present(optionalInstant(key), key) }

  public func optionalInstant(_ key: String) throws(MessageFault) -> Instant? {
    guard let text = try optionalText(key) else { return nil }
    guard let instant = Instant(rfc3339: text) else {
      throw MessageFault("`\(key)` must be an instant such as 2026-11-23T20:30:00Z")
    }
    return instant
  }

  /// The midnight, in UTC, with which a day such as `2026-11-23` begins.
  public func day(_ key: String) throws(MessageFault) -> Instant {
    let text = try text(key)
    guard text.utf8.count == 10, let instant = Instant(rfc3339: text + "T00:00:00Z") else {
      throw MessageFault("`\(key)` must be a day such as 2026-11-23")
    }
    return instant
  }
}

extension MessageReader {
  public func code<Code: RawRepresentable & CaseIterable>(_ key: String) throws(MessageFault) -> Code
  where Code.RawValue == String {
    try present(optionalCode(key), key)
  }

  public func optionalCode<Code: RawRepresentable & CaseIterable>(_ key: String) throws(MessageFault) -> Code?
  where Code.RawValue == String {
    guard let text = try optionalText(key) else { return nil }
    return try Self.code(text, key)
  }

  /// Codes, each once; none where the member is missing.
  public func codes<Code: RawRepresentable & CaseIterable & Hashable>(_ key: String) throws(MessageFault) -> [Code]
  where Code.RawValue == String {
    let values: [JSONValue]
    switch json[key] {
    case nil, .null?: return []
    case .array(let given)?: values = given
    default: throw MessageFault("`\(key)` must be an array of codes")
    }
    var codes: [Code] = []
    for value in values {
      guard case .string(let text) = value else { throw MessageFault("`\(key)` must be an array of codes") }
      let code: Code = try Self.code(text, key)
      guard !codes.contains(code) else { throw MessageFault("`\(key)` names \(text) twice") }
      codes.append(code)
    }
    return codes
  }

  private static func code<Code: RawRepresentable & CaseIterable>(
    _ text: String, _ key: String
  ) throws(MessageFault) -> Code where Code.RawValue == String {
    guard let code = Code(rawValue: text) else {
      throw MessageFault("`\(key)` must be one of \(Code.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return code
  }

  /// An object; nil where there is none.
  public func optionalObject(_ key: String) throws(MessageFault) -> MessageReader? {
    switch json[key] {
    case nil, .null?: return nil
    case .object(let object)?: return MessageReader(object)
    default: throw MessageFault("`\(key)` must be an object")
    }
  }

  /// An array of `least` to `most` objects; `what` says what they are.
  public func objects(
    _ key: String, least: Int = 1, most: Int, _ what: String
  ) throws(MessageFault) -> [MessageReader] {
    guard let value = json[key] else { throw MessageFault(.missing(key)) }
    guard case .array(let values) = value else { throw MessageFault("`\(key)` must be an array of objects") }
    guard (least...most).contains(values.count) else {
      throw MessageFault("`\(key)` must hold \(least) to \(most) \(what), not \(values.count)")
    }
    return try values.map { value throws(MessageFault) in
      guard case .object(let object) = value else { throw MessageFault("`\(key)` must be an array of objects") }
      return MessageReader(object)
    }
  }

  /// Reads each of an array of objects; what is wrong with one is told with its place, from 0.
  public func each<Element>(
    _ key: String, least: Int = 1, most: Int, _ what: String,
    _ read: (MessageReader) throws(MessageFault) -> Element
  ) throws(MessageFault) -> [Element] {
    var elements: [Element] = []
    for (place, object) in try objects(key, least: least, most: most, what).enumerated() {
      do throws(MessageFault) { elements.append(try read(object)) } catch {
        throw MessageFault("\(key)[\(place)]: \(error)")
      }
    }
    return elements
  }

  private func present<Value>(_ value: Value?, _ key: String) throws(MessageFault) -> Value {
    guard let value else { throw MessageFault(.missing(key)) }
    return value
  }
}

/// What is wrong with a body, in a sentence.
public struct MessageFault: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }

  init(_ fault: JSONFault) {
    switch fault {
    case .syntax(let position): self.init("the body is not JSON: it goes wrong at byte \(position)")
    case .tooDeep: self.init("the body is nested too deep")
    case .notAnInteger(let position): self.init("the number at byte \(position) is not an integer")
    case .notAnObject: self.init("the body must be one JSON object")
    case .repeatedKey(let key): self.init("the member `\(key)` is there twice")
    case .missing(let key): self.init("the member `\(key)` is missing")
    case .wrongType(let key): self.init("the member `\(key)` has the wrong type")
    }
  }
}
