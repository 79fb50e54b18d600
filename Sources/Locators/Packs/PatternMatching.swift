extension LocatorPattern {
  /// Matches an address whose path is cut into `segments`; `isMainHost`: it is on the canonical host.
  func match(_ address: AddressView, _ segments: PathSegments, isMainHost: Bool) -> Captures? {
    var captures = Captures()
    if let host {
      guard host.match(address.bytes, address.host, &captures) else { return nil }
    } else if !isMainHost {
      return nil
    }
    guard matchPath(address, segments, &captures) else { return nil }
    for (key, value) in query {
      guard let range = address.parameter(key), value.match(address.bytes, range, &captures) else {
        return nil
      }
    }
    if let fragment {
      guard let range = address.fragment, fragment.match(address.bytes, range, &captures) else { return nil }
    }
    return captures
  }

  private func matchPath(_ address: AddressView, _ found: PathSegments, _ captures: inout Captures) -> Bool {
    guard found.count >= segments.count else { return false }
    for index in 0..<segments.count {
      guard segments[index].match(address.bytes, found[index], &captures) else { return false }
    }
    if let rest {
      guard found.count > segments.count else { return false }
      let start = found[segments.count].lowerBound
      let end = address.query?.upperBound ?? address.path.upperBound
      guard start < end else { return false }
      captures[rest] = start..<end
      return true
    }
    return hasOpenEnd || (found.count == segments.count && !found.hasMore)
  }
}

extension LocatorPattern.Piece {
  /// Matches the bytes of `range` from left to right; a variable ends where the text after it first occurs.
  func match(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ captures: inout Captures) -> Bool {
    if let literal {
      return range.count == literal.count && ASCII.equals(bytes, range.lowerBound, literal)
    }
    var position = range.lowerBound
    var index = 0
    while index < tokens.count {
      switch tokens[index] {
      case .literal(let text):
        guard range.upperBound - position >= text.count, equals(bytes, position, text) else {
          return false
        }
        position += text.count
      case .variable(let variable):
        var end = range.upperBound
        if index + 1 < tokens.count, case .literal(let text) = tokens[index + 1] {
          // The last literal of a piece is anchored at its end: `{id}.html` takes `a.html.html` as `a.html`.
          if index + 2 == tokens.count {
            end = range.upperBound - text.count
          } else if let place = find(text, in: bytes, position..<range.upperBound) {
            end = place
          } else {
            return false
          }
        }
        guard end > position, variable.accepts(bytes, position..<end) else { return false }
        captures[variable.slot] = position..<end
        position = end
      }
      index += 1
    }
    return position == range.upperBound
  }

  private func equals(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ text: [UInt8]) -> Bool {
    foldsLiterals ? ASCII.equalsIgnoringCase(bytes, start, text) : ASCII.equals(bytes, start, text)
  }

  // Literals are a few bytes long, so the plain search stays linear in the segment.
  private func find(_ text: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    guard range.count >= text.count else { return nil }
    for start in range.lowerBound...(range.upperBound - text.count) where equals(bytes, start, text) {
      return start
    }
    return nil
  }
}

extension LocatorPattern.Variable {
  func accepts(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    guard form.accepts(bytes, range) else { return false }
    for word in reserved where word.count == range.count {
      if ASCII.equalsIgnoringCase(bytes, range.lowerBound, word) { return false }
    }
    return true
  }
}

extension AddressView {
  /// The value of the first query parameter with that name.
  func parameter(_ key: [UInt8]) -> Range<Int>? {
    guard let query else { return nil }
    var start = query.lowerBound
    while start < query.upperBound {
      var end = start
      while end < query.upperBound && bytes[end] != UInt8(ascii: "&") { end += 1 }
      if end - start > key.count, bytes[start + key.count] == UInt8(ascii: "="),
        ASCII.equals(bytes, start, key)
      {
        return (start + key.count + 1)..<end
      }
      start = end + 1
    }
    return nil
  }
}
