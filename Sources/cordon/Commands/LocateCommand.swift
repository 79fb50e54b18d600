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
      """)

  @Argument(help: ArgumentHelp("Addresses, or - for standard input.", valueName: "url"))
  var addresses: [String]

  @Option(help: ArgumentHelp("What relative addresses are relative to.", valueName: "url"))
  var base: String?

  @Flag(help: "Prints one JSON object a line.")
  var json = false

  @Option(name: .long, help: ArgumentHelp("A record whose own provider packs count too.", valueName: "dir"))
  var data: String?

  mutating func execute() async throws {
    let locate = Locating(
      locators: Canonicalizer(packs: try Packs.load(directory: data)), base: try base.map(Self.parseBase))
    if addresses == ["-"] { return try locateLines(locate) }
    for address in addresses {
      let located = locate(Array(address.utf8))
      if json {
        Terminal.print(String(decoding: located.json, as: UTF8.self))
      } else {
        Terminal.print(located.text(of: address))
      }
    }
  }

  private static func parseBase(_ text: String) throws -> WebURL {
    do { return try WebURL(text) } catch { throw CommandFailure(.usage, "--base is not a URL: \(error)") }
  }

  private func locateLines(_ locate: Locating) throws {
    var carry: [UInt8] = []
    var output: [UInt8] = []
    func put(_ line: ArraySlice<UInt8>) {
      output += locate(Array(line)).json
      output.append(0x0A)
      if output.count > 1 << 18 {
        Terminal.write(output, to: STDOUT_FILENO)
        output.removeAll(keepingCapacity: true)
      }
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while case let count = read(STDIN_FILENO, &buffer, buffer.count), count > 0 {
      var start = 0
      while let end = buffer[start..<count].firstIndex(of: 0x0A) {
        if carry.isEmpty {
          put(buffer[start..<end])
        } else {
          put((carry + buffer[start..<end])[...])
          carry.removeAll()
        }
        start = end + 1
      }
      carry += buffer[start..<count]
    }
    if !carry.isEmpty { put(carry[...]) }
    Terminal.write(output, to: STDOUT_FILENO)
  }
}

/// One address looked at in both ways: as the URL Standard has it, and as intake would take it.
private struct Locating {
  let locators: Canonicalizer
  let base: WebURL?

  func callAsFunction(_ address: [UInt8]) -> Located {
    do {
      let url = try WebURL(address, base: base)
      // Against a base, what counts is what the two make together.
      let found = Self.result { () throws(ReportedAddressFault) in
        try locators.locate(reported: base == nil ? address : url.href)
      }
      return Located(href: .success(url.href), found: found)
    } catch {
      let found = Self.result { () throws(ReportedAddressFault) in try locators.locate(reported: address) }
      return Located(href: .failure(error), found: found)
    }
  }

  private static func result(
    _ body: () throws(ReportedAddressFault) -> CanonicalLocator
  ) -> Result<CanonicalLocator, ReportedAddressFault> { Result(catching: body) }
}

private struct Located {
  let href: Result<[UInt8], URLFault>
  let found: Result<CanonicalLocator, ReportedAddressFault>

  var json: [UInt8] {
    var json = JSONWriter()
    let locator = try? found.get()
    json.object { json in
      json.key("canonical")
      if let locator { json.string(utf8: locator.utf8) } else { json.null() }
      if case .failure(let fault) = href {
        json.key("error")
        json.string(fault.description)
      }
      if case .success(let href) = href {
        json.key("href")
        json.string(utf8: href)
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
    return json.bytes
  }

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
