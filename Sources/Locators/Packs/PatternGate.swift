/// What can be asked of an address before a pattern is looked at, in a few bytes without references.
///
/// A pack has dozens of patterns and an address fits one or two of them; copying each pattern out of its
/// array would cost more than matching it.
struct PatternGate: Sendable {
  let rule: Int
  let pattern: Int
  private let segments: Int
  private let isExact: Bool
  private let needsMainHost: Bool
  /// The first byte of the path's first segment; 0 when a variable stands there.
  private let first: UInt8

  init(rule: Int, pattern index: Int, _ pattern: LocatorPattern) {
    self.rule = rule
    self.pattern = index
    segments = pattern.segments.count + (pattern.rest == nil ? 0 : 1)
    isExact = pattern.rest == nil && !pattern.hasOpenEnd
    needsMainHost = pattern.host == nil
    if let piece = pattern.segments.first, !piece.foldsLiterals, case .literal(let text)? = piece.tokens.first {
      first = text.first ?? 0
    } else {
      first = 0
    }
  }

  @inline(__always)
  func admits(_ path: PathSegments, first byte: UInt8, isMainHost: Bool) -> Bool {
    (first == 0 || first == byte) && (isExact ? path.count == segments : path.count >= segments)
      && (isMainHost || !needsMainHost)
  }
}
