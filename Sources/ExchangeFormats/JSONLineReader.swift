/// Reads one line of JSON Lines: an object, of which the known keys are kept, or a bare string (RFC 8259).
///
/// Where several keys mean the same, the one named first in ``ColumnRole/jsonKeys`` counts. Everything else
/// in the line is checked and passed over.
struct JSONLineReader: Sendable {
  private struct Key: Sendable {
    let name: [UInt8]
    let role: ColumnRole
    let rank: Int
  }

  private let keys: [Key] = ColumnRole.allCases.flatMap { role in
    role.jsonKeys.enumerated().map { Key(name: Array($0.element.utf8), role: role, rank: $0.offset) }
  }

  /// The line must be valid UTF-8 without NUL.
  func content(of line: Span<UInt8>) -> IntakeLine.Content {
    var scanner = JSONScanner()
    do throws(JSONScanner.Failure) {
      scanner.skipSpace(line)
      let record: IntakeRecord
      switch scanner.peek(line) {
      case 0x22: record = IntakeRecord(address: try value(try scanner.string(line), line) ?? [])
      case 0x7B: record = try object(&scanner, line)
      case nil: return .blank
      default: throw scanner.failure(.notAnObjectOrString)
      }
      try scanner.expectEnd(line)
      return record.address.isEmpty ? .rejected(.missingAddress) : .record(record)
    } catch {
      return .rejected(.malformedJSON(error.reason, column: error.index + 1))
    }
  }

  private func object(
    _ scanner: inout JSONScanner, _ line: Span<UInt8>
  ) throws(JSONScanner.Failure) -> IntakeRecord {
    var record = IntakeRecord(address: [])
    var ranks = Ranks()
    var seen: UInt64 = 0
    scanner.at += 1
    scanner.skipSpace(line)
    if scanner.take(0x7D, line) { return record }
    while true {
      scanner.skipSpace(line)
      let keyAt = scanner.at
      let key = keyIndex(of: try scanner.string(line), line)
      scanner.skipSpace(line)
      try scanner.expect(0x3A, line)
      scanner.skipSpace(line)
      if let key {
        let mark: UInt64 = 1 << UInt64(key)
        if seen & mark != 0 { throw JSONScanner.Failure(reason: .repeatedKey, index: keyAt) }
        seen |= mark
      }
      if let key, scanner.peek(line) == 0x22 {
        let token = try scanner.string(line)
        if keys[key].rank < ranks[keys[key].role], let text = try value(token, line) {
          ranks[keys[key].role] = keys[key].rank
          record.set(keys[key].role, text)
        }
      } else {
        if let key, keys[key].role == .address, scanner.peek(line) != 0x6E {
          throw scanner.failure(.addressNotString)
        }
        try scanner.skipValue(line, depth: 2)
      }
      scanner.skipSpace(line)
      if scanner.take(0x7D, line) { return record }
      try scanner.expect(0x2C, line)
    }
  }

  private func value(
    _ token: JSONScanner.StringToken, _ line: Span<UInt8>
  ) throws(JSONScanner.Failure) -> [UInt8]? {
    guard token.hasEscapes else { return line.trimmed(token.start..<token.end).map { line.copy($0) } }
    let text = try JSONScanner.decode(token, line)
    if text.contains(0) { throw JSONScanner.Failure(reason: .nulCharacter, index: token.start) }
    return text.span.trimmed(0..<text.count).map { Array(text[$0]) }
  }

  /// Which known key this is, its ASCII letters in either case.
  private func keyIndex(of token: JSONScanner.StringToken, _ line: Span<UInt8>) -> Int? {
    if token.hasEscapes {
      guard let text = try? JSONScanner.decode(token, line) else { return nil }
      return keyIndex(in: text.span, 0..<text.count)
    }
    return keyIndex(in: line, token.start..<token.end)
  }

  private func keyIndex(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    search: for index in keys.indices where keys[index].name.count == range.count {
      for offset in 0..<range.count {
        let byte = bytes[range.lowerBound + offset]
        let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        if lower != keys[index].name[offset] { continue search }
      }
      return index
    }
    return nil
  }

  /// The rank of the key that each role's value came from so far.
  private struct Ranks {
    private var address = Int.max
    private var note = Int.max
    private var kind = Int.max
    private var reportedAt = Int.max
    private var source = Int.max

    subscript(role: ColumnRole) -> Int {
      get {
        switch role {
        case .address: address
        case .note: note
        case .kind: kind
        case .reportedAt: reportedAt
        case .source: source
        }
      }
      set {
        switch role {
        case .address: address = newValue
        case .note: note = newValue
        case .kind: kind = newValue
        case .reportedAt: reportedAt = newValue
        case .source: source = newValue
        }
      }
    }
  }
}
