/// Why what somebody wrote down is not an address that can be put on record.
public enum ReportedAddressFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// The URL Standard refuses it.
  case url(URLFault)
  /// It is a URL, but of no place on the web.
  case locator(LocatorFault)

  public var description: String {
    switch self {
    case .url(let fault): fault.description
    case .locator(let fault): fault.description
    }
  }
}

extension Canonicalizer {
  /// Locates an address as people write them down: also defanged (`hxxps://x[.]example`), also without its scheme.
  ///
  /// What the URL Standard reads as a web address is taken as it stands; nothing is guessed about that.
  public func locate(reported: [UInt8]) throws(ReportedAddressFault) -> CanonicalLocator {
    try locate(reported: reported, parsed: Result { () throws(URLFault) in try WebURL(reported) })
  }

  /// As ``locate(reported:)``, for whoever has parsed the address already.
  public func locate(
    reported: [UInt8], parsed: Result<WebURL, URLFault>
  ) throws(ReportedAddressFault) -> CanonicalLocator {
    let first = attempt(parsed)
    if case .success(let locator) = first, locator.utf8.starts(with: Self.webScheme) { return locator }
    let plain = Defang.refang(reported)
    if plain != reported, case .success(let locator) = attempt(plain) { return locator }
    if Self.beginsWithHost(plain), case .success(let locator) = attempt(Self.assumedScheme + plain) { return locator }
    return try first.get()
  }

  private static let webScheme = Array("http".utf8)
  private static let assumedScheme = Array("https://".utf8)

  private func attempt(_ address: [UInt8]) -> Result<CanonicalLocator, ReportedAddressFault> {
    attempt(Result { () throws(URLFault) in try WebURL(address) })
  }

  private func attempt(_ parsed: Result<WebURL, URLFault>) -> Result<CanonicalLocator, ReportedAddressFault> {
    switch parsed {
    case .failure(let fault): return .failure(.url(fault))
    case .success(let url):
      do { return .success(try locate(url)) } catch { return .failure(.locator(error)) }
    }
  }

  /// Whether it begins like `host.example/…` or `host.example:8080`: a name with a dot, and no scheme.
  private static func beginsWithHost(_ address: [UInt8]) -> Bool {
    let host = address.prefix { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 && $0 != 0x3A }
    guard let first = host.first, let last = host.last, first != 0x2E, last != 0x2E else { return false }
    guard host.contains(0x2E), host.allSatisfy({ ASCII.isAlphanumeric($0) || $0 == 0x2E || $0 == 0x2D || $0 >= 0x80 })
    else { return false }
    let rest = address[host.endIndex...]
    // After a colon only a port may come: `mailto.example:somebody` is no host with a port.
    guard rest.first == 0x3A else { return true }
    return rest.dropFirst().first.map { (0x30...0x39).contains($0) } ?? false
  }
}
