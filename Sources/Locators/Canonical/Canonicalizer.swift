import Domain

/// Finds the canonical locator of an address: by its provider's pack, otherwise by general rules.
///
/// The general rules: percent escapes in one form; no user name, default port, dot behind the host, fragment
/// (unless it begins with `!`), empty query or tracking parameter. The result is its own canonical locator.
public struct Canonicalizer: Sendable {
  /// How many addresses inside addresses are opened; one nested deeper is taken as it stands.
  static let maximumNesting = 4

  public let packs: ProviderPacks
  private let compiled: [CompiledPack]
  private let domains = RegistrableDomains()

  public init(packs: ProviderPacks) {
    self.packs = packs
    compiled = packs.all.map { CompiledPack($0) }
  }

  public func locate(_ url: WebURL) throws(LocatorFault) -> CanonicalLocator {
    try refuse(url)
    // Only an address inside another can be nested too deeply.
    guard case .found(let locator) = find(url, nesting: 0) else { throw .noHost }
    return locator
  }

  enum Finding {
    case found(CanonicalLocator)
    /// The address holds another one, that one another, and so on for too long.
    case tooDeep
  }

  private func refuse(_ url: WebURL) throws(LocatorFault) {
    // Nearly every address begins with "http", so that one comparison lets it pass.
    if url.offsets.isSpecial && url.offsets.schemeEnd >= 4 && url.href[0] == UInt8(ascii: "h") { return }
    let scheme = String(decoding: url.scheme, as: UTF8.self)
    guard !Self.localSchemes.contains(scheme) else { throw .noPlaceOnTheWeb(scheme: scheme) }
    guard !url.hasOpaquePath else { throw .noPlaceOnTheWeb(scheme: scheme) }
    guard url.hasHost, !url.host.isEmpty else { throw .noHost }
  }

  private static let localSchemes: Set<String> = [
    "about", "blob", "chrome", "chrome-extension", "content", "data", "file", "filesystem", "javascript",
    "mailto", "moz-extension", "resource", "sms", "tel", "view-source",
  ]

  func find(_ url: WebURL, nesting: Int) -> Finding {
    let url = PercentForm.normalize(url) ?? url
    return url.href.withUnsafeBufferPointer { bytes in
      let address = AddressView(url, bytes)
      guard url.offsets.isSpecial, let index = packs.hosts.find(bytes, address.host) else {
        return .found(generalLocator(url, address, entry: nil))
      }
      let entry = packs.hosts.entries[index]
      if entry.movesFirst, let target = entry.target,
        let moved = moved(url, address, to: target, dropping: entry.key.count)
      {
        return find(moved, nesting: nesting)
      }
      let isHTTP = url.href[0] == UInt8(ascii: "h")
      if isHTTP && !url.offsets.hasPort {
        let segments = PathSegments(address)
        let first = segments.count == 0 ? 0 : bytes[segments[0].lowerBound]
        let pack = compiled[entry.pack]
        for gate in pack.gates
        where gate.admits(segments, first: first, isMainHost: entry.isMain) {
          let rule = pack.rules[gate.rule]
          guard let captures = rule.patterns[gate.pattern].match(address, segments, isMainHost: entry.isMain),
            let finding = apply(rule, url, address, captures, entry, nesting: nesting)
          else { continue }
          return finding
        }
      }
      let general = generalLocator(url, address, entry: entry)
      // Without its noise the address may fit a rule after all.
      guard general.utf8.count < bytes.count, let plain = try? WebURL(general.utf8) else {
        return .found(general)
      }
      return find(plain, nesting: nesting)
    }
  }

  /// The address under the host that replaces its own, with what a wildcard stood for kept.
  private func moved(_ url: WebURL, _ address: AddressView, to target: [UInt8], dropping count: Int)
    -> WebURL?
  {
    var text = Array(url.href[..<address.host.lowerBound])
    text += address.bytes[address.host].dropLast(count)
    text += target
    text += url.href[Int(url.offsets.hostEnd)...]
    return try? WebURL(text)
  }

  /// What a matched rule makes of the address; nil when it does not apply after all.
  private func apply(
    _ rule: LocatorRule, _ url: WebURL, _ address: AddressView, _ captures: Captures,
    _ entry: HostTable.Entry, nesting: Int
  ) -> Finding? {
    switch rule.outcome {
    case .canonical(let template):
      let utf8 =
        template.equals(address.bytes, captures) ? url.href : template.write(address.bytes, captures)
      return .found(locator(utf8, rule.kind, template, entry, original: nil))
    case .archiveCopy(let template, let slot):
      guard let range = captures[slot], let original = WebURL(embedded: address.bytes[range]) else {
        return nil
      }
      var address = address
      address.fragment = nil
      let text = Array(
        original.href[..<Int(min(original.offsets.fragmentStart, UInt32(original.href.count)))])
      let written = template.write(address.bytes, captures, replacing: (slot, text))
      // The address inside may hold what changes its meaning there, such as dot segments.
      guard let copy = try? WebURL(written), copy.href == written, PercentForm.normalize(copy) == nil else {
        return nil
      }
      var canonicalOriginal: [UInt8]?
      if nesting < Self.maximumNesting, case .found(let found) = find(original, nesting: nesting + 1) {
        canonicalOriginal = found.utf8
      }
      return .found(locator(written, rule.kind, template, entry, original: canonicalOriginal))
    case .unwrap(let template):
      // Too deep anywhere: nothing is unwrapped, else the result would not be its own canonical form.
      guard nesting < Self.maximumNesting else { return .tooDeep }
      var target = template.write(address.bytes, captures)
      // A parameter holds its address escaped; the rest of a path holds it as it is.
      if rule.patterns.allSatisfy({ $0.rest == nil }) { target = PercentEncoding.percentDecode(target) }
      guard let inner = WebURL(embedded: target) else { return nil }
      switch find(inner, nesting: nesting + 1) {
      case .found(let found): return .found(found)
      case .tooDeep: return nesting == 0 ? nil : .tooDeep
      }
    }
  }

  private func locator(
    _ utf8: [UInt8], _ kind: ItemKind, _ template: AddressTemplate, _ entry: HostTable.Entry,
    original: [UInt8]?
  ) -> CanonicalLocator {
    let domain: String?
    if template.fixedHost != nil {
      domain = template.registrableDomain
    } else {
      let host = utf8.drop { $0 != 0x2F }.dropFirst(2).prefix { $0 != 0x2F }
      domain = ProviderPacks.domain(Array(host))
    }
    return CanonicalLocator(
      utf8: utf8, kind: kind, provider: compiled[entry.pack].provider, registrableDomain: domain,
      original: original)
  }

  private func generalLocator(
    _ url: WebURL, _ address: AddressView, entry: HostTable.Entry?
  ) -> CanonicalLocator {
    let pack = entry.map { compiled[$0.pack] }
    let utf8 = GeneralForm(url: url, address: address, entry: entry, pack: pack, packs: packs).write()
    if let entry {
      return CanonicalLocator(
        utf8: utf8, kind: .page, provider: compiled[entry.pack].provider,
        registrableDomain: entry.registrableDomain ?? domain(address), original: nil)
    }
    let isHomePage = address.path.count <= 1 && !utf8.contains(UInt8(ascii: "?"))
    let domain = url.hostIsDomain ? domain(address) : nil
    let name = domain ?? String(decoding: address.bytes[address.host], as: UTF8.self)
    return CanonicalLocator(
      utf8: utf8, kind: isHomePage ? .site : .page, provider: .domain(name), registrableDomain: domain,
      original: nil)
  }

  private func domain(_ address: AddressView) -> String? {
    domains.domain(ofHost: UnsafeBufferPointer(rebasing: address.bytes[address.host]))
  }
}

extension AddressView {
  /// The parts of `url`, whose bytes these are; dots behind the host are left out.
  init(_ url: WebURL, _ bytes: UnsafeBufferPointer<UInt8>) {
    let offsets = url.offsets
    self.bytes = bytes
    let end = UInt32(truncatingIfNeeded: bytes.count)
    let pathEnd = min(offsets.queryStart, offsets.fragmentStart, end)
    var hostEnd = Int(offsets.hostEnd)
    let hostStart = Int(offsets.hostStart)
    if offsets.isSpecial {
      while hostEnd > hostStart + 1 && bytes[hostEnd - 1] == UInt8(ascii: ".") { hostEnd -= 1 }
      // `7..` is a domain and `7` an IP address.
      if hostEnd < Int(offsets.hostEnd), IPv4Parser.endsInNumber(url.href[hostStart..<hostEnd]) {
        hostEnd = Int(offsets.hostEnd)
      }
    }
    host = hostStart..<hostEnd
    path = Int(offsets.pathStart)..<Int(pathEnd)
    if offsets.queryStart != WebURL.Offsets.none {
      query = (Int(offsets.queryStart) + 1)..<Int(min(offsets.fragmentStart, end))
    }
    if offsets.fragmentStart != WebURL.Offsets.none {
      fragment = (Int(offsets.fragmentStart) + 1)..<bytes.count
    }
  }
}

extension WebURL {
  /// Reads an address that stands inside another one, where its scheme may be missing or its colon escaped.
  init?(embedded bytes: some Collection<UInt8>) {
    var text = Array(bytes)
    if let colon = text.prefix(8).firstIndex(of: UInt8(ascii: "%")), colon >= 3,
      text[..<colon].allSatisfy(ASCII.isLetter)
    {
      text = PercentEncoding.percentDecode(text)
    }
    let beginning = text.prefix(6)
    let colon = beginning.firstIndex(of: UInt8(ascii: ":")) ?? 0
    if !["http", "https", "ftp"].contains(String(decoding: beginning[..<colon], as: UTF8.self)) {
      // Only what looks like `host.tld/…` is taken for an address without its scheme.
      let host = text.prefix { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 }
      guard host.contains(UInt8(ascii: ".")), let first = host.first, ASCII.isAlphanumeric(first),
        !host.contains(UInt8(ascii: ":"))
      else { return nil }
      text = Array("http://".utf8) + text
    }
    guard let url = try? WebURL(text), !url.host.isEmpty else { return nil }
    self = url
  }
}
