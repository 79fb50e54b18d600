/// An absolute address as the WHATWG URL Standard parses it.
///
/// One array holds the standard's serialization, which is ASCII; the components are ranges of it. Two values
/// are equal when their serializations are, the fragment included.
public struct WebURL: Sendable {
  /// The longest input that is read, in bytes: 64 MiB, so that offsets fit and percent-encoding cannot
  /// overflow.
  public static let maximumInputLength = 1 << 26

  /// The standard's serialization of the whole address.
  public let href: [UInt8]
  let offsets: Offsets

  /// Where the components are inside the serialization.
  struct Offsets: Sendable {
    static let none = UInt32.max

    var schemeEnd: UInt32 = 0
    /// Where the user name ends; it begins after "://".
    var usernameEnd: UInt32 = 0
    /// Where the password ends; equal to `usernameEnd` when there is none.
    var passwordEnd: UInt32 = 0
    var hostStart: UInt32 = 0
    var hostEnd: UInt32 = 0
    var pathStart: UInt32 = 0
    /// Where the "?" is, or `none`.
    var queryStart = none
    /// Where the "#" is, or `none`.
    var fragmentStart = none
    var port: UInt16 = 0
    var hasPort = false
    var hasHost = false
    var isSpecial = false
    var hasOpaquePath = false
  }

  init(href: [UInt8], offsets: Offsets) {
    self.href = href
    self.offsets = offsets
  }

  /// Parses the bytes, of UTF-8 text, against `base`; an ill-formed sequence counts as U+FFFD.
  public init(_ input: UnsafeBufferPointer<UInt8>, base: WebURL? = nil) throws(URLFault) {
    try self.init(input, base: base, usingFastPath: true)
  }

  /// Parses the bytes, of UTF-8 text, against `base`; an ill-formed sequence counts as U+FFFD.
  public init(_ input: [UInt8], base: WebURL? = nil) throws(URLFault) {
    self = try input.withUnsafeBufferPointer { (buffer) throws(URLFault) -> WebURL in
      try WebURL(buffer, base: base, usingFastPath: true)
    }
  }

  /// Parses the bytes, of UTF-8 text, against `base`; an ill-formed sequence counts as U+FFFD.
  public init(_ input: ArraySlice<UInt8>, base: WebURL? = nil) throws(URLFault) {
    self = try input.withUnsafeBufferPointer { (buffer) throws(URLFault) -> WebURL in
      try WebURL(buffer, base: base, usingFastPath: true)
    }
  }

  /// Parses the bytes, of UTF-8 text, against `base`; an ill-formed sequence counts as U+FFFD.
  public init(_ input: some Collection<UInt8>, base: WebURL? = nil) throws(URLFault) {
    try self.init(Array(input), base: base)
  }

  /// Parses the text against `base`.
  public init(_ input: String, base: WebURL? = nil) throws(URLFault) {
    try self.init(Array(input.utf8), base: base)
  }

  /// As ``init(_:base:)``; tests switch the fast path off to compare it with the standard's state machine.
  package init(_ input: UnsafeBufferPointer<UInt8>, base: WebURL?, usingFastPath: Bool) throws(URLFault) {
    if usingFastPath, let url = WebURL.parsingOrdinaryAddress(input) {
      self = url
      return
    }
    // A base can be three times as long as its own input was; it may not grow from one parse to the next.
    guard input.count <= WebURL.maximumInputLength,
      base.map({ $0.href.count <= 4 * WebURL.maximumInputLength }) != false
    else { throw .tooLong }
    self = try URLInput.withPreparedBytes(input) { (prepared) throws(URLFault) -> WebURL in
      var machine = URLStateMachine(input: prepared, base: base)
      try machine.run()
      return WebURL(machine.record)
    }
  }
}

extension WebURL: Hashable {
  public static func == (left: WebURL, right: WebURL) -> Bool { left.href == right.href }

  public func hash(into hasher: inout Hasher) { hasher.combine(href) }
}

extension WebURL: CustomStringConvertible {
  public var description: String { hrefString }
}

extension WebURL {
  public var hrefString: String { String(decoding: href, as: UTF8.self) }

  /// The scheme without its ":", in lower case.
  public var scheme: ArraySlice<UInt8> { bytes(0, offsets.schemeEnd) }

  public var username: ArraySlice<UInt8> {
    hasHost ? bytes(offsets.schemeEnd + 3, offsets.usernameEnd) : bytes(offsets.hostStart, offsets.hostStart)
  }

  public var password: ArraySlice<UInt8> {
    offsets.passwordEnd > offsets.usernameEnd
      ? bytes(offsets.usernameEnd + 1, offsets.passwordEnd) : bytes(offsets.usernameEnd, offsets.usernameEnd)
  }

  /// The host as serialized, an IPv6 address in its brackets, without the port; empty when there is none.
  public var host: ArraySlice<UInt8> { bytes(offsets.hostStart, offsets.hostEnd) }

  /// The port, nil when it is the scheme's default or none was given.
  public var port: UInt16? { offsets.hasPort ? offsets.port : nil }

  public var path: ArraySlice<UInt8> {
    bytes(offsets.pathStart, min(offsets.queryStart, offsets.fragmentStart, UInt32(href.count)))
  }

  /// The query without its "?"; nil when the address has none, empty when the "?" stands alone.
  public var query: ArraySlice<UInt8>? {
    guard offsets.queryStart != Offsets.none else { return nil }
    return bytes(offsets.queryStart + 1, min(offsets.fragmentStart, UInt32(href.count)))
  }

  /// The fragment without its "#"; nil when the address has none, empty when the "#" stands alone.
  public var fragment: ArraySlice<UInt8>? {
    guard offsets.fragmentStart != Offsets.none else { return nil }
    return bytes(offsets.fragmentStart + 1, UInt32(href.count))
  }

  /// Whether there is a host, which may be the empty one as in "file:///etc".
  public var hasHost: Bool { offsets.hasHost }

  /// Whether the host is a domain: not an IP address, not empty, and not the opaque host of a non-special
  /// scheme.
  public var hostIsDomain: Bool {
    guard isSpecial, let first = host.first else { return false }
    return first != UInt8(ascii: "[") && !IPv4Parser.endsInNumber(host)
  }

  /// Whether the scheme is one of ftp, file, http, https, ws and wss.
  public var isSpecial: Bool { offsets.isSpecial }

  /// Whether the path is one string without structure, as in "mailto:a@example.org".
  public var hasOpaquePath: Bool { offsets.hasOpaquePath }

  private func bytes(_ start: UInt32, _ end: UInt32) -> ArraySlice<UInt8> { href[Int(start)..<Int(end)] }
}
