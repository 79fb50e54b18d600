/// An address found in running text.
public struct FoundLink: Sendable, Hashable {
  /// The bytes of the text that it takes up, as they were written.
  public let range: Range<Int>
  /// The address as ``WebURL`` can read it: not defanged any more, and with a scheme.
  public let address: [UInt8]
}

/// Finds addresses in running text: whole ones, defanged ones, and sure ones without a scheme.
///
/// Without a scheme are found: what begins with `www.`, a host that a pack knows with `/` behind it, and a
/// host with a bracketed dot in it. Time is linear in the text; no text is refused.
public struct LinkFinder: Sendable {
  private let hosts: HostTable

  /// Knows the hosts of these packs.
  public init(packs: ProviderPacks) { hosts = packs.hosts }

  /// Knows no hosts.
  public init() { hosts = HostTable([]) }

  /// The addresses in the order in which they stand; they do not overlap.
  public func links(in text: [UInt8]) -> [FoundLink] {
    text.withUnsafeBufferPointer { bytes in
      var links: [FoundLink] = []
      var index = 0
      // A run of host bytes is looked at once, else `a[.]a[.]a…` would be read again from each of its dots.
      var readUntil = 0
      while index < bytes.count {
        if let scheme = DefangedMarks.scheme(bytes, index) {
          if let link = link(bytes, index, scheme: scheme) {
            links.append(link)
            index = link.range.upperBound
            continue
          }
        } else if index >= readUntil, isStart(bytes, index) {
          var run = HostRun(bytes, index)
          run.read()
          readUntil = run.end
          if let scheme = assumedScheme(bytes, run), let link = link(bytes, index, scheme: scheme) {
            links.append(link)
            index = link.range.upperBound
            continue
          }
        }
        index += 1
      }
      return links
    }
  }

  /// Whether a host without a scheme may begin here: nothing stands before it that it would belong to.
  private func isStart(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    guard ASCII.isAlphanumeric(bytes[index]) else { return false }
    guard index > 0 else { return true }
    let before = bytes[index - 1]
    if ASCII.isAlphanumeric(before) { return false }
    return ![0x40, 0x2E, 0x2D, 0x5F, 0x2F, 0x5C, 0x25, 0x3D, 0x26].contains(before)
      || (before == 0x3D && index == 1)
  }

  private static let www = Array("www.".utf8)

  /// The scheme to put before a run of host bytes that is meant as an address; nil when it is not.
  private func assumedScheme(_ bytes: UnsafeBufferPointer<UInt8>, _ run: HostRun) -> DefangedMarks.Scheme? {
    func scheme(_ text: StaticString) -> DefangedMarks.Scheme {
      let meant = text.withUTF8Buffer { Array($0) }
      return DefangedMarks.Scheme(meant: meant, length: 0, isDefanged: run.isDefanged)
    }
    // An `@` makes it a mail address, not a host.
    guard run.host.contains(0x2E), run.end == bytes.count || bytes[run.end] != 0x40 else { return nil }
    if run.host.count > Self.www.count, run.host.starts(with: Self.www) { return scheme("http://") }
    let isKnown = run.host.withUnsafeBufferPointer { hosts.find($0, 0..<$0.count) != nil }
    if isKnown, run.end < bytes.count, bytes[run.end] == 0x2F { return scheme("https://") }
    guard run.isDefanged, let dot = run.host.lastIndex(of: 0x2E) else { return nil }
    let top = run.host[(dot + 1)...]
    return dot > 0 && top.count > 1 && top.allSatisfy(ASCII.isLetter) ? scheme("http://") : nil
  }

  private func link(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, scheme: DefangedMarks.Scheme
  ) -> FoundLink? {
    var scan = AddressScan(bytes, start, scheme)
    scan.run()
    scan.trim()
    return scan.link
  }
}

/// A run of bytes that a host name may consist of, with defanged dots undone.
private struct HostRun {
  let bytes: UnsafeBufferPointer<UInt8>
  private(set) var end: Int
  /// What it stands for, in lower case, without dots at its end.
  private(set) var host: [UInt8] = []
  private(set) var isDefanged = false

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) {
    self.bytes = bytes
    end = start
  }

  mutating func read() {
    while end < bytes.count {
      let byte = bytes[end]
      if ASCII.isAlphanumeric(byte) || byte == 0x2E || byte == 0x2D || byte >= 0x80 {
        host.append(ASCII.lowercased(byte))
        end += 1
      } else if let mark = DefangedMarks.bracketed(bytes, end), mark.byte == 0x2E {
        host.append(mark.byte)
        isDefanged = true
        end += mark.length
      } else {
        break
      }
    }
    while host.last == 0x2E { host.removeLast() }
  }
}
