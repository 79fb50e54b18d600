import ArgumentParser
import Casework
import Domain
import Foundation
import Locators

/// `cordon locate`: what an address is, and under which one address it goes on record.
struct LocateCommand: CordonCommand {
  static let configuration = CommandConfiguration(
    commandName: "locate",
    abstract: "Shows the canonical locator, provider and kind of addresses.",
    discussion: """
      With - it reads one address a line from standard input and writes one JSON object a line.

      EXAMPLES
        cordon locate https://m.youtube.com/watch?v=aaaaaaaaaaa&t=10s
        cordon locate 'hxxps://t[.]me/s/example' --json
        cut -f2 report.tsv | cordon locate -
        cordon locate - --plain < list.txt | sort -u > distinct.txt
      """)

  @Argument(help: ArgumentHelp("Addresses, or - for standard input.", valueName: "url"))
  var addresses: [String]

  @Option(help: ArgumentHelp("What relative addresses are relative to.", valueName: "url"))
  var base: String?

  @Flag(help: "Prints one JSON object a line.")
  var json = false

  @Flag(help: "Prints the canonical locator alone, one a line; an empty line where there is none.")
  var plain = false

  @OptionGroup var data: DataOptions

  mutating func execute() async throws {
    let locate = Locating(
      locators: Canonicalizer(packs: try Packs.load(directory: data.namedAddress?.directory)),
      base: try base.map(Self.parseBase))
    if addresses == ["-"] { return try locateLines(locate) }
    for address in addresses {
      let located = locate(Array(address.utf8))
      if plain {
        Terminal.print(String(decoding: located.canonical, as: UTF8.self))
      } else if json {
        var line = JSONWriter()
        located.write(to: &line)
        Terminal.print(String(decoding: line.bytes, as: UTF8.self))
      } else {
        Terminal.print(located.text(of: address))
      }
    }
  }

  private static func parseBase(_ text: String) throws -> WebURL {
    do { return try WebURL(text) } catch { throw CommandFailure(.usage, "--base is not a URL: \(error)") }
  }

  private func locateLines(_ locate: Locating) throws {
    var output = LineOutput(isPlain: plain)
    var lines = LineSplitter()
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while case let count = read(STDIN_FILENO, &buffer, buffer.count), count > 0 {
      lines.feed(buffer[..<count]) { output.put(locate($0)) }
    }
    lines.finish { output.put(locate($0)) }
    output.flush()
  }
}

/// Lines on their way to standard output, gathered so that a million of them are not a million writes.
private struct LineOutput {
  private static let enough = 1 << 18

  let isPlain: Bool
  private var text: [UInt8] = []
  private var json = JSONWriter(reserving: 2 * enough)

  init(isPlain: Bool) { self.isPlain = isPlain }

  mutating func put(_ located: Located) {
    if isPlain {
      text.append(contentsOf: located.canonical)
      text.append(0x0A)
    } else {
      located.write(to: &json)
      json.endLine()
    }
    if text.count + json.bytes.count > Self.enough { flush() }
  }

  mutating func flush() {
    Terminal.write(isPlain ? text : json.bytes, to: STDOUT_FILENO)
    text.removeAll(keepingCapacity: true)
    json.removeAll()
  }
}

/// Cuts bytes into lines at LF and nowhere else.
private struct LineSplitter {
  private var carry: [UInt8] = []

  mutating func feed(_ bytes: ArraySlice<UInt8>, _ body: ([UInt8]) -> Void) {
    var start = bytes.startIndex
    while let end = Self.lineFeed(in: bytes, from: start) {
      if carry.isEmpty {
        body(Array(bytes[start..<end]))
      } else {
        body(carry + bytes[start..<end])
        carry.removeAll()
      }
      start = end + 1
    }
    carry += bytes[start...]
  }

  /// A last line without LF.
  func finish(_ body: ([UInt8]) -> Void) {
    if !carry.isEmpty { body(carry) }
  }

  private static func lineFeed(in bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
    bytes[start...].withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress, let found = memchr(base, 0x0A, buffer.count) else { return nil }
      return start + (UnsafeRawPointer(found) - base)
    }
  }
}

/// One address looked at in both ways: as the URL Standard has it, and as intake would take it.
private struct Locating {
  let locators: Canonicalizer
  let base: WebURL?

  func callAsFunction(_ address: [UInt8]) -> Located {
    let parsed = Result { () throws(URLFault) in try WebURL(address, base: base) }
    // Against a base, what counts is what the two make together.
    let reported = base == nil ? address : (try? parsed.get().href) ?? address
    let found = Result { () throws(ReportedAddressFault) in
      try locators.locate(reported: reported, parsed: parsed)
    }
    return Located(parsed: parsed, found: found)
  }
}

private struct Located {
  let parsed: Result<WebURL, URLFault>
  let found: Result<CanonicalLocator, ReportedAddressFault>

  func write(to json: inout JSONWriter) {
    let locator = try? found.get()
    json.object { json in
      json.key("canonical")
      if let locator { json.string(utf8: locator.utf8) } else { json.null() }
      switch parsed {
      case .failure(let fault):
        json.key("error")
        json.string(fault.description)
      case .success(let url):
        json.key("href")
        json.string(utf8: url.href)
      }
      json.key("kind")
      if let locator { json.string(locator.kind.rawValue) } else { json.null() }
      if let original = locator?.original {
        json.key("original")
        json.string(utf8: original)
      }
      json.key("provider")
      if let locator { json.string(locator.provider.name) } else { json.null() }
      json.key("registrable_domain")
      if let domain = locator?.registrableDomain { json.string(domain) } else { json.null() }
    }
  }

  /// Empty where the address can't go on record.
  var canonical: [UInt8] { (try? found.get().utf8) ?? [] }

  func text(of address: String) -> String {
    switch found {
    case .failure(let fault): return "\(Terminal.shown(address))\n  can't go on record: \(fault)"
    case .success(let locator):
      let provider: String
      switch locator.provider {
      case .pack(let name): provider = name
      case .domain(let domain): provider = "\(domain) (no provider pack knows it)"
      }
      var lines = [
        Terminal.shown(address), "  canonical  \(locator.text)", "  provider   \(provider)",
        "  kind       \(locator.kind.rawValue)",
      ]
      if let original = locator.original { lines.append("  copy of    \(String(decoding: original, as: UTF8.self))") }
      return lines.joined(separator: "\n")
    }
  }
}
