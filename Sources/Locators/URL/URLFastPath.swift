extension WebURL {
  /// Parses an address that needs nothing done to it but, at most, lower-casing its host and adding its "/".
  ///
  /// Takes "http:" and "https:" in lower case, an ASCII domain of letters, digits, "-", "." and "_" that does
  /// not end in a number, at most a port other than the default, and then a path without dot segments, a
  /// query and a fragment in which nothing must be encoded. Returns nil for everything else, valid or not:
  /// the state machine decides there, and tests hold the two to the same answers.
  static func parsingOrdinaryAddress(_ input: UnsafeBufferPointer<UInt8>) -> WebURL? {
    let count = input.count
    guard count > 8, count <= maximumInputLength, let start = input.baseAddress else { return nil }
    let words = UnsafeRawPointer(start)
    // "http" as it lies in memory on a little-endian machine.
    guard UInt32(littleEndian: words.loadUnaligned(as: UInt32.self)) == 0x7074_7468 else { return nil }
    let isSecure = start[4] == UInt8(ascii: "s")
    let schemeEnd = isSecure ? 5 : 4
    guard start[schemeEnd] == UInt8(ascii: ":"), start[schemeEnd + 1] == UInt8(ascii: "/"),
      start[schemeEnd + 2] == UInt8(ascii: "/")
    else { return nil }
    let hostStart = schemeEnd + 3
    var index = hostStart

    var seen: URLByteClass = []
    var labelStart = hostStart
    while index < count {
      let byte = start[index]
      if byte == UInt8(ascii: ".") {
        // A final dot leaves the label before it the last one.
        if index + 1 < count, URLByteClass.of(start[index + 1]).contains(.host) { labelStart = index + 1 }
      } else {
        let byteClass = URLByteClass.of(byte)
        guard byteClass.contains(.host) else { break }
        seen.formUnion(byteClass)
      }
      index += 1
    }
    let hostEnd = index
    // What begins with a digit may be an IPv4 address.
    guard hostEnd > hostStart, !ASCII.isDigit(start[labelStart]) else { return nil }

    var port: UInt32 = 0
    if index < count, start[index] == UInt8(ascii: ":") {
      index += 1
      let first = index
      while index < count, index - first < 5, ASCII.isDigit(start[index]) {
        port = port * 10 + UInt32(start[index] &- 0x30)
        index += 1
      }
      // Leading zeros and the default port are serialized otherwise.
      guard port > 0, port <= 65535, start[first] != UInt8(ascii: "0"), port != (isSecure ? 443 : 80) else {
        return nil
      }
    }
    let pathStart = index
    var addsSlash = 1
    if index < count, start[index] == UInt8(ascii: "/") {
      addsSlash = 0
      guard let end = pathEnd(start, from: index, count: count) else { return nil }
      index = end
    }

    var offsets = Offsets()
    if index < count, start[index] == UInt8(ascii: "?") {
      offsets.queryStart = UInt32(truncatingIfNeeded: index + addsSlash)
      index += 1
      while index < count, !URLByteClass.of(start[index]).contains(.stopsQuery) { index += 1 }
    }
    if index < count, start[index] == UInt8(ascii: "#") {
      offsets.fragmentStart = UInt32(truncatingIfNeeded: index + addsSlash)
      index += 1
      while index < count, !URLByteClass.of(start[index]).contains(.stopsFragment) { index += 1 }
    }
    guard index == count else { return nil }

    offsets.schemeEnd = UInt32(truncatingIfNeeded: schemeEnd)
    offsets.usernameEnd = UInt32(truncatingIfNeeded: hostStart)
    offsets.passwordEnd = UInt32(truncatingIfNeeded: hostStart)
    offsets.hostStart = UInt32(truncatingIfNeeded: hostStart)
    offsets.hostEnd = UInt32(truncatingIfNeeded: hostEnd)
    offsets.pathStart = UInt32(truncatingIfNeeded: pathStart)
    offsets.port = UInt16(truncatingIfNeeded: port)
    offsets.hasPort = port != 0
    offsets.hasHost = true
    offsets.isSpecial = true
    let href = [UInt8](unsafeUninitializedCapacity: count + addsSlash) { buffer, written in
      written = count + addsSlash
      guard let target = buffer.baseAddress else { return }
      target.initialize(from: start, count: pathStart)
      if addsSlash == 1 { (target + pathStart).initialize(to: UInt8(ascii: "/")) }
      (target + pathStart + addsSlash).initialize(from: start + pathStart, count: count - pathStart)
      if seen.contains(.upperCase) {
        for position in hostStart..<hostEnd { target[position] = ASCII.lowercased(target[position]) }
      }
    }
    return WebURL(href: href, offsets: offsets)
  }

  /// Where the path that begins at `from` ends, or nil when it must be changed.
  @inline(__always)
  private static func pathEnd(_ start: UnsafePointer<UInt8>, from: Int, count: Int) -> Int? {
    var index = from
    while index < count {
      let byte = start[index]
      if URLByteClass.of(byte).contains(.stopsPath) {
        switch byte {
        case UInt8(ascii: "?"), UInt8(ascii: "#"):
          return index
        case UInt8(ascii: "."), UInt8(ascii: "%"):
          // Only a segment's first byte can open a dot segment; whatever looks like one is left to the
          // machine.
          if start[index - 1] == UInt8(ascii: "/"), opensDotSegment(start, at: index, count: count) {
            return nil
          }
        default:
          return nil
        }
      }
      index += 1
    }
    return index
  }

  private static func opensDotSegment(_ start: UnsafePointer<UInt8>, at index: Int, count: Int) -> Bool {
    if start[index] == UInt8(ascii: "%") { return index + 1 < count && start[index + 1] == UInt8(ascii: "2") }
    guard index + 1 < count else { return true }
    let next = start[index + 1]
    return !(ASCII.isLetter(next) || ASCII.isDigit(next) || next == UInt8(ascii: "_"))
  }
}
