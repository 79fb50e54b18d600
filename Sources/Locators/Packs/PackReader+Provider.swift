import Domain
import Yams

/// What a pack says of the provider: its hosts, how it is reached, how gone items look, and samples.
extension PackReader {
  func hosts(_ fields: PackFields) throws(PackFault) -> [ProviderPack.HostPattern] {
    var hosts: [ProviderPack.HostPattern] = []
    for text in try fields.texts("hosts") {
      guard let host = Self.host(text) else { throw notAHost(fields, "hosts", text) }
      hosts.append(host)
    }
    guard let first = hosts.first else {
      throw fields.fault(
        "hosts", "'hosts' is missing", "name the canonical host first: 'hosts: [www.site.example]'")
    }
    guard !first.isWildcard || hosts.count == 1 else {
      throw fields.fault(
        "hosts", "'\(first)' stands first", "name the canonical host first, wildcards after it")
    }
    return hosts
  }

  func aliases(
    _ fields: PackFields, _ hosts: [ProviderPack.HostPattern]
  ) throws(PackFault) -> [ProviderPack.Alias] {
    var aliases: [ProviderPack.Alias] = []
    for (key, value, line) in try fields.pairs("aliases") {
      guard let from = Self.host(key) else { throw notAHost(fields, "aliases", key) }
      guard let text = value.scalar?.string, let to = Self.host(text) else {
        throw notAHost(fields, "aliases", value.scalar?.string ?? "?")
      }
      guard hosts.contains(to), !to.isWildcard || from.isWildcard else {
        throw PackFault(
          file: file, line: line, problem: "'\(from)' leads to '\(to)', which is not under 'hosts'",
          remedy: "lead it to one of 'hosts'; a wildcard only from a wildcard")
      }
      aliases.append(.init(from: from, to: to))
    }
    return aliases
  }

  /// Reads `host` or `*.host`; nil unless it is a lower-case ASCII host name.
  static func host(_ text: String) -> ProviderPack.HostPattern? {
    let isWildcard = text.hasPrefix("*.")
    let host = isWildcard ? String(text.dropFirst(2)) : text
    guard !host.isEmpty, host.utf8.count <= 253, !host.hasPrefix("."), !host.hasSuffix("."),
      host.utf8.allSatisfy({
        ASCII.lowercased($0) == $0 && (ASCII.isAlphanumeric($0) || [0x2D, 0x2E, 0x5F].contains($0))
      })
    else { return nil }
    return .init(host: host, isWildcard: isWildcard)
  }

  private func notAHost(_ fields: PackFields, _ key: String, _ text: String) -> PackFault {
    fields.fault(
      key, "'\(text)' is no host", "write it in lower case, as ASCII (xn--…), without scheme, port or path")
  }

  func contact(_ fields: PackFields) throws(PackFault) -> ProviderPack.Contact {
    guard let contact = try nested(fields, "contact", ["page", "email", "note"]) else {
      return .init(page: nil, email: nil, note: nil)
    }
    return .init(
      page: try contact.text("page"), email: try contact.text("email"), note: try contact.text("note"))
  }

  func intake(_ fields: PackFields, _ key: String) throws(PackFault) -> ProviderPack.Intake {
    guard let intake = try nested(fields, key, ["channel", "address", "batch"]) else {
      return .init(channel: .unknown, address: nil, batch: 1)
    }
    var batch = 1
    if let text = try intake.text("batch") {
      guard let number = Int(text), (1...100_000).contains(number) else {
        throw intake.fault("batch", "'\(text)' is no number of items", "write a number from 1 to 100000")
      }
      batch = number
    }
    let channel = try intake.word("channel", ProviderPack.Channel.self) ?? .unknown
    return .init(channel: channel, address: try intake.text("address"), batch: batch)
  }

  func gone(_ fields: PackFields) throws(PackFault) -> ProviderPack.Gone {
    let gone = try nested(fields, "gone", ["removed", "soft_404", "restricted", "moved"])
    func appearance(_ key: String) throws(PackFault) -> ProviderPack.Appearance {
      guard let gone, let fields = try nested(gone, key, ["status", "marks", "redirects"]) else {
        return .init(statuses: [], marks: [], redirects: [])
      }
      var statuses: [Int] = []
      for text in try fields.texts("status") {
        guard let status = Int(text), (100...599).contains(status) else {
          throw fields.fault("status", "'\(text)' is no HTTP status", "write a number from 100 to 599")
        }
        statuses.append(status)
      }
      return .init(
        statuses: statuses, marks: try fields.texts("marks"), redirects: try fields.texts("redirects"))
    }
    return .init(
      removed: try appearance("removed"), soft404: try appearance("soft_404"),
      restricted: try appearance("restricted"), moved: try appearance("moved"))
  }

  func rate(_ politeness: PackFields?) throws(PackFault) -> Double {
    guard let politeness, let text = try politeness.text("requests_per_second") else { return 1 }
    guard let rate = Double(text), rate > 0, rate <= 10_000 else {
      throw politeness.fault(
        "requests_per_second", "'\(text)' is no rate", "write a number above 0, such as 0.5 or 10")
    }
    return rate
  }

  func samples(_ fields: PackFields) throws(PackFault) -> [ProviderPack.Sample] {
    var samples: [ProviderPack.Sample] = []
    for node in try fields.nodes("samples") {
      let sample = try PackFields(node, file: file, allowed: ["url", "canonical", "kind", "original"])
      guard let kind = try sample.word("kind", ItemKind.self) else {
        throw sample.fault("kind", "'kind' is missing", "add the kind of item that the sample is")
      }
      let url = try sample.requiredText("url")
      samples.append(
        .init(
          line: sample.line, url: url, canonical: try sample.text("canonical") ?? url, kind: kind,
          original: try sample.text("original")))
    }
    guard !samples.isEmpty else {
      throw fields.fault("samples", "'samples' is missing", "add at least one address with what it is")
    }
    return samples
  }
}
