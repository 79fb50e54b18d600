/// What a script sees: the getters of the standard's URL class (section 6.1) that differ from the components.
extension WebURL {
  /// The scheme with its ":".
  public var `protocol`: String { text(scheme) + ":" }

  /// The host with its port, if any.
  public var hostWithPort: String { port.map { "\(hostname):\($0)" } ?? hostname }

  public var hostname: String { text(host) }

  public var pathname: String { text(path) }

  /// The query with its "?", or nothing when it is null or empty.
  public var search: String { prefixed("?", query) }

  /// The fragment with its "#", or nothing when it is null or empty.
  public var hash: String { prefixed("#", fragment) }

  /// The serialized origin: scheme, host and port, or "null" for an opaque origin (section 4.7).
  public var origin: String {
    if isSpecial { return scheme.elementsEqual("file".utf8) ? "null" : "\(self.protocol)//\(hostWithPort)" }
    guard scheme.elementsEqual("blob".utf8), let inner = try? WebURL(path),
      inner.scheme.elementsEqual("http".utf8) || inner.scheme.elementsEqual("https".utf8)
    else { return "null" }
    return inner.origin
  }

  private func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private func prefixed(_ mark: String, _ bytes: ArraySlice<UInt8>?) -> String {
    guard let bytes, !bytes.isEmpty else { return "" }
    return mark + text(bytes)
  }
}
