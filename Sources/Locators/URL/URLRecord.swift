/// The components of an address while it is being put together: the standard's URL record (section 4.1).
struct URLRecord {
  var scheme: [UInt8] = []
  var isSpecial = false
  var username: [UInt8] = []
  var password: [UInt8] = []
  /// The serialized host; nil is the standard's null, which differs from the empty host.
  var host: [UInt8]?
  var port: UInt16?
  /// An opaque path as it is, otherwise every segment behind a "/".
  var path: [UInt8] = []
  var hasOpaquePath = false
  var query: [UInt8]?
  var fragment: [UInt8]?

  var isFile: Bool { scheme == URLScheme.file }

  /// Removes the last path segment, but never a file's drive letter (section 4.1, "shorten").
  mutating func shortenPath() {
    if isFile, path.count == 3, WindowsDriveLetter.isNormalized(path[1...]) { return }
    if let slash = path.lastIndex(of: UInt8(ascii: "/")) { path.removeSubrange(slash...) }
  }

  mutating func copyAuthority(of url: WebURL) {
    username = Array(url.username)
    password = Array(url.password)
    host = url.hasHost ? Array(url.host) : nil
    port = url.port
  }

  mutating func copyPath(of url: WebURL) {
    path = Array(url.path)
    hasOpaquePath = url.hasOpaquePath
  }
}

extension URLRecord {
  init(_ url: WebURL) {
    scheme = Array(url.scheme)
    isSpecial = url.isSpecial
    copyAuthority(of: url)
    copyPath(of: url)
    query = url.query.map { Array($0) }
    fragment = url.fragment.map { Array($0) }
  }
}

extension WebURL {
  /// Serializes the record (section 4.5) and notes where each component is.
  init(_ record: URLRecord) {
    var bytes: [UInt8] = []
    var offsets = Offsets()
    let authority = record.username.count + record.password.count + (record.host?.count ?? 0)
    let rest = record.path.count + (record.query?.count ?? 0) + (record.fragment?.count ?? 0)
    // Besides the components: "://", ":", "@", ":65535", "?" and "#", or ":", "/.", "?" and "#".
    bytes.reserveCapacity(record.scheme.count + authority + rest + 13)
    bytes.append(contentsOf: record.scheme)
    offsets.schemeEnd = UInt32(bytes.count)
    bytes.append(UInt8(ascii: ":"))
    if let host = record.host {
      bytes.append(UInt8(ascii: "/"))
      bytes.append(UInt8(ascii: "/"))
      bytes.append(contentsOf: record.username)
      offsets.usernameEnd = UInt32(bytes.count)
      if !record.password.isEmpty {
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: record.password)
      }
      offsets.passwordEnd = UInt32(bytes.count)
      if !record.username.isEmpty || !record.password.isEmpty { bytes.append(UInt8(ascii: "@")) }
      offsets.hostStart = UInt32(bytes.count)
      bytes.append(contentsOf: host)
      offsets.hostEnd = UInt32(bytes.count)
      offsets.hasHost = true
      if let port = record.port {
        offsets.port = port
        offsets.hasPort = true
        bytes.append(UInt8(ascii: ":"))
        DecimalDigits.append(UInt64(port), to: &bytes)
      }
    } else {
      // A path that begins with "//" would read as a host; the "/." is not part of it.
      if !record.hasOpaquePath, record.path.starts(with: [0x2F, 0x2F]) {
        bytes.append(UInt8(ascii: "/"))
        bytes.append(UInt8(ascii: "."))
      }
      let here = UInt32(bytes.count)
      (offsets.usernameEnd, offsets.passwordEnd, offsets.hostStart, offsets.hostEnd) = (
        here, here, here, here
      )
    }
    offsets.pathStart = UInt32(bytes.count)
    bytes.append(contentsOf: record.path)
    if let query = record.query {
      offsets.queryStart = UInt32(bytes.count)
      bytes.append(UInt8(ascii: "?"))
      bytes.append(contentsOf: query)
    }
    if let fragment = record.fragment {
      offsets.fragmentStart = UInt32(bytes.count)
      bytes.append(UInt8(ascii: "#"))
      bytes.append(contentsOf: fragment)
    }
    offsets.isSpecial = record.isSpecial
    offsets.hasOpaquePath = record.hasOpaquePath
    self.init(href: bytes, offsets: offsets)
  }

  /// This address with some parts replaced: a part not named stays, `.some(nil)` takes an optional part away.
  ///
  /// Nothing is encoded or checked: each part must be what the standard's parser would itself produce there,
  /// without its delimiter. A port equal to the (new) scheme's default is left out. `removingUserinfo` drops
  /// user name and password.
  public func replacing(
    scheme: [UInt8]? = nil, host: [UInt8]? = nil, port: UInt16?? = nil, path: [UInt8]? = nil,
    query: [UInt8]?? = nil, fragment: [UInt8]?? = nil, removingUserinfo: Bool = false
  ) -> WebURL {
    var record = URLRecord(self)
    if let scheme {
      record.scheme = scheme
      record.isSpecial = URLScheme.isSpecial(scheme)
    }
    if let host { record.host = host }
    if let port { record.port = port }
    if record.port == URLScheme.defaultPort(record.scheme) { record.port = nil }
    if let path { record.path = path }
    if let query { record.query = query }
    if let fragment { record.fragment = fragment }
    if removingUserinfo { (record.username, record.password) = ([], []) }
    return WebURL(record)
  }
}

enum WindowsDriveLetter {
  /// Whether the bytes are an ASCII letter and ":" or "|" (section 4.1).
  static func isDriveLetter(_ bytes: some Collection<UInt8>) -> Bool { isNormalized(bytes, orBar: true) }

  /// Whether the bytes are an ASCII letter and ":".
  static func isNormalized(_ bytes: some Collection<UInt8>) -> Bool { isNormalized(bytes, orBar: false) }

  private static func isNormalized(_ bytes: some Collection<UInt8>, orBar: Bool) -> Bool {
    guard bytes.count == 2, let first = bytes.first else { return false }
    let second = bytes[bytes.index(after: bytes.startIndex)]
    return ASCII.isLetter(first) && (second == UInt8(ascii: ":") || orBar && second == UInt8(ascii: "|"))
  }
}
