/// The standard's basic URL parser without state override (section 4.4), over prepared input.
///
/// The states are the standard's, but each takes its whole span at once instead of one code point; the input
/// is well-formed UTF-8 and every delimiter ASCII, so bytes do.
struct URLStateMachine {
  private let input: UnsafeBufferPointer<UInt8>
  private let base: WebURL?
  private var position = 0
  private(set) var record = URLRecord()

  init(input: UnsafeBufferPointer<UInt8>, base: WebURL?) {
    self.input = input
    self.base = base
  }

  mutating func run() throws(URLFault) {
    if let end = schemeEnd() {
      record.scheme = input[..<end].map { ASCII.lowercased($0) }
      record.isSpecial = URLScheme.isSpecial(record.scheme)
      position = end + 1
      try afterScheme()
      return
    }
    guard let base else { throw .missingScheme }
    if base.hasOpaquePath {
      guard current == UInt8(ascii: "#") else { throw .missingScheme }
      takeScheme(of: base)
      record.copyPath(of: base)
      record.query = base.query.map { Array($0) }
      queryAndFragment()
    } else {
      takeScheme(of: base)
      if record.isFile { try file() } else { try relative(to: base) }
    }
  }
}

// Scheme, and what follows it.
extension URLStateMachine {
  private var current: UInt8? { position < input.count ? input[position] : nil }

  private func byte(_ offset: Int) -> UInt8? {
    position + offset < input.count ? input[position + offset] : nil
  }

  /// Whether the byte is "/", or "\" where the scheme is special and takes it for one.
  private func isSlash(_ byte: UInt8?) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") && record.isSpecial
  }

  /// The first index from `start` on whose byte ends a component: a slash, "?", "#", or the end of input.
  private func componentEnd(from start: Int) -> Int {
    var index = start
    while index < input.count {
      let byte = input[index]
      if byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") || isSlash(byte) { break }
      index += 1
    }
    return index
  }

  private func schemeEnd() -> Int? {
    guard let first = input.first, ASCII.isLetter(first) else { return nil }
    for index in 1..<input.count {
      let byte = input[index]
      if byte == UInt8(ascii: ":") { return index }
      let isSchemeByte =
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: ".")
      if !isSchemeByte { return nil }
    }
    return nil
  }

  private mutating func takeScheme(of base: WebURL) {
    record.scheme = Array(base.scheme)
    record.isSpecial = base.isSpecial
  }

  private mutating func afterScheme() throws(URLFault) {
    let twoSlashes = current == UInt8(ascii: "/") && byte(1) == UInt8(ascii: "/")
    if record.isFile {
      try file()
    } else if record.isSpecial {
      if !twoSlashes, let base, base.scheme.elementsEqual(record.scheme) {
        try relative(to: base)
      } else {
        try specialAuthority()
      }
    } else if twoSlashes {
      position += 2
      try authority()
    } else if current == UInt8(ascii: "/") {
      path()
    } else {
      opaquePath()
    }
  }

  /// "Special authority ignore slashes": any number of slashes, also none, stands before the authority.
  private mutating func specialAuthority() throws(URLFault) {
    while isSlash(current) { position += 1 }
    try authority()
  }
}

// Relative references and files.
extension URLStateMachine {
  private mutating func relative(to base: WebURL) throws(URLFault) {
    if isSlash(current) {
      if isSlash(byte(1)) {
        position += 2
        return try record.isSpecial ? specialAuthority() : authority()
      }
      record.copyAuthority(of: base)
      return path()
    }
    record.copyAuthority(of: base)
    copyPathAndQuery(of: base)
    guard let current, current != UInt8(ascii: "?"), current != UInt8(ascii: "#") else {
      return queryAndFragment()
    }
    record.query = nil
    record.shortenPath()
    path()
  }

  private mutating func copyPathAndQuery(of base: WebURL) {
    record.copyPath(of: base)
    record.query = base.query.map { Array($0) }
  }

  private mutating func file() throws(URLFault) {
    record.host = []
    let fileBase = base.flatMap { $0.scheme.elementsEqual(URLScheme.file) ? $0 : nil }
    if isSlash(current) {
      if isSlash(byte(1)) {
        position += 2
        return try fileHost()
      }
      // The file slash state: the base lends its host, and its drive letter unless the input has one.
      if let fileBase {
        record.host = Array(fileBase.host)
        let drive = fileBase.path.prefix(3)
        let isWholeSegment = fileBase.path.count == 3 || fileBase.path.dropFirst(3).first == UInt8(ascii: "/")
        if !startsWithDriveLetter(position + 1), isWholeSegment,
          WindowsDriveLetter.isNormalized(drive.dropFirst())
        {
          record.path = Array(drive)
        }
      }
      return path()
    }
    guard let fileBase else { return path() }
    record.host = Array(fileBase.host)
    copyPathAndQuery(of: fileBase)
    guard let current, current != UInt8(ascii: "?"), current != UInt8(ascii: "#") else {
      return queryAndFragment()
    }
    record.query = nil
    if startsWithDriveLetter(position) { record.path = [] } else { record.shortenPath() }
    path()
  }

  private func startsWithDriveLetter(_ start: Int) -> Bool {
    guard input.count - start >= 2, WindowsDriveLetter.isDriveLetter(input[start..<start + 2]) else {
      return false
    }
    guard input.count - start > 2 else { return true }
    let next = input[start + 2]
    return next == UInt8(ascii: "?") || next == UInt8(ascii: "#") || isSlash(next)
  }

  private mutating func fileHost() throws(URLFault) {
    let end = componentEnd(from: position)
    let text = input[position..<end]
    // "file://c:/x": the drive letter is the path's first segment, not a host.
    if !WindowsDriveLetter.isDriveLetter(text) {
      if !text.isEmpty {
        let host = try HostParser.parse(UnsafeBufferPointer(rebasing: text), isSpecial: true)
        record.host = host.elementsEqual("localhost".utf8) ? [] : host
      }
      position = end
    }
    path()
  }
}

// Authority.
extension URLStateMachine {
  private mutating func authority() throws(URLFault) {
    let end = componentEnd(from: position)
    if let at = input[position..<end].lastIndex(of: UInt8(ascii: "@")) {
      guard at + 1 < end else { throw .missingHost }
      userinfo(input[position..<at])
      position = at + 1
    }
    let colon = portColon(in: position..<end)
    let text = UnsafeBufferPointer(rebasing: input[position..<(colon ?? end)])
    if text.isEmpty, record.isSpecial || colon != nil { throw .missingHost }
    record.host = try HostParser.parse(text, isSpecial: record.isSpecial)
    if let colon { record.port = try port(input[(colon + 1)..<end]) }
    position = end
    path()
  }

  private mutating func userinfo(_ text: Slice<UnsafeBufferPointer<UInt8>>) {
    let colon = text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
    PercentEncoding.append(UnsafeBufferPointer(rebasing: text[..<colon]), .userinfo, to: &record.username)
    PercentEncoding.append(
      UnsafeBufferPointer(rebasing: text[colon...].dropFirst()), .userinfo, to: &record.password)
  }

  /// The first colon outside brackets.
  private func portColon(in range: Range<Int>) -> Int? {
    var insideBrackets = false
    for index in range {
      switch input[index] {
      case UInt8(ascii: "["): insideBrackets = true
      case UInt8(ascii: "]"): insideBrackets = false
      case UInt8(ascii: ":") where !insideBrackets: return index
      default: continue
      }
    }
    return nil
  }

  private func port(_ text: Slice<UnsafeBufferPointer<UInt8>>) throws(URLFault) -> UInt16? {
    guard text.allSatisfy({ ASCII.isDigit($0) }) else { throw .portInvalid }
    guard !text.isEmpty else { return nil }
    var number: UInt32 = 0
    for digit in text {
      number = number * 10 + UInt32(digit - UInt8(ascii: "0"))
      if number > UInt32(UInt16.max) { throw .portOutOfRange }
    }
    let port = UInt16(number)
    return port == URLScheme.defaultPort(record.scheme) ? nil : port
  }
}

// Path, query and fragment.
extension URLStateMachine {
  /// The path start and path states; adds to `record.path`.
  private mutating func path() {
    defer { queryAndFragment() }
    if isSlash(current) {
      position += 1
    } else if !record.isSpecial {
      // A non-special address may have no path at all.
      guard let current, current != UInt8(ascii: "?"), current != UInt8(ascii: "#") else { return }
    }
    let separator = UInt8(ascii: "/")
    record.path.reserveCapacity(record.path.count + input.count - position + 1)
    while true {
      let end = componentEnd(from: position)
      let segment = UnsafeBufferPointer(rebasing: input[position..<end])
      let isLast = end == input.count || !isSlash(input[end])
      switch DotSegment(segment) {
      case .double:
        record.shortenPath()
        if isLast { record.path.append(separator) }
      case .single:
        if isLast { record.path.append(separator) }
      case nil:
        let isDrive = record.path.isEmpty && record.isFile && WindowsDriveLetter.isDriveLetter(segment)
        record.path.append(separator)
        PercentEncoding.append(segment, .path, to: &record.path)
        if isDrive { record.path[2] = UInt8(ascii: ":") }
      }
      position = end
      if isLast { return }
      position += 1
    }
  }

  private mutating func opaquePath() {
    record.hasOpaquePath = true
    let start = position
    while let byte = current, byte != UInt8(ascii: "?"), byte != UInt8(ascii: "#") { position += 1 }
    PercentEncoding.append(
      UnsafeBufferPointer(rebasing: input[start..<position]), .c0Control, to: &record.path)
    // A space at the path's end would be lost if query and fragment were ever taken away.
    if current != nil, record.path.last == UInt8(ascii: " ") {
      record.path.removeLast()
      record.path.append(contentsOf: [0x25, 0x32, 0x30])
    }
    queryAndFragment()
  }

  private mutating func queryAndFragment() {
    if current == UInt8(ascii: "?") {
      let rest = input[(position + 1)...]
      let end = rest.firstIndex(of: UInt8(ascii: "#")) ?? input.count
      var query: [UInt8] = []
      query.reserveCapacity(end - position)
      PercentEncoding.append(
        UnsafeBufferPointer(rebasing: rest[..<end]), record.isSpecial ? .specialQuery : .query, to: &query)
      record.query = query
      position = end
    }
    if current == UInt8(ascii: "#") {
      var fragment: [UInt8] = []
      PercentEncoding.append(
        UnsafeBufferPointer(rebasing: input[(position + 1)...]), .fragment, to: &fragment)
      record.fragment = fragment
      position = input.count
    }
  }
}

/// A path segment that is "." or "..", each dot also as "%2e".
enum DotSegment {
  case single
  case double

  init?(_ segment: UnsafeBufferPointer<UInt8>) {
    guard !segment.isEmpty, segment.count <= 6 else { return nil }
    var dots = 0
    var index = 0
    while index < segment.count {
      if segment[index] == UInt8(ascii: ".") {
        index += 1
      } else if segment[index] == UInt8(ascii: "%"), segment.count - index >= 3,
        segment[index + 1] == UInt8(ascii: "2"), segment[index + 2] | 0x20 == UInt8(ascii: "e")
      {
        index += 3
      } else {
        return nil
      }
      dots += 1
    }
    switch dots {
    case 1: self = .single
    case 2: self = .double
    default: return nil
    }
  }
}
