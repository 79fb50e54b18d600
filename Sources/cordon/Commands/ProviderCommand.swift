import ArgumentParser
import Casework
import Domain
import Foundation
import Locators

/// `cordon provider`: the packs that say what differs between services.
struct ProviderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provider", abstract: "Lists, shows and checks provider packs, and connects providers.",
    subcommands: [List.self, Show.self, Check.self, Connect.self])

  /// The record whose own packs count too, where there is one.
  struct PackOptions: ParsableArguments {
    @OptionGroup var data: DataOptions

    func load() throws -> ProviderPacks { try Packs.load(directory: data.namedAddress?.directory) }
  }

  struct List: CordonCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the packs: name, kind of service, hosts.")
    @OptionGroup var options: PackOptions
    @Flag(help: "Prints one JSON object a line.") var json = false

    mutating func execute() async throws {
      for pack in try options.load().all {
        let hosts = pack.hosts.map(\.description)
        if json {
          Terminal.print(PackText.json(pack))
        } else {
          Terminal.print("\(pack.name)  \(pack.service.rawValue)  \(hosts.joined(separator: ", "))")
        }
      }
    }
  }

  struct Show: CordonCommand {
    static let configuration = CommandConfiguration(abstract: "Shows what a pack says.")
    @OptionGroup var options: PackOptions
    @Argument(help: "The pack's name.") var name: String

    mutating func execute() async throws {
      guard let pack = try options.load().pack(named: name) else {
        throw CommandFailure(
          .noInput, "there is no provider pack \(Terminal.shown(name)): `cordon provider list` shows them")
      }
      Terminal.print(PackText.text(pack))
    }
  }

  struct Check: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Validates packs and shows them at work on their sample addresses.",
      discussion: """
        EXAMPLES
          cordon provider check
          cordon provider check youtube telegram
          cordon provider check ./packs/our-forum.yaml
        """)
    @OptionGroup var options: PackOptions
    @Argument(help: "Names of packs or files; every pack when none is given.") var packs: [String] = []

    mutating func execute() async throws {
      let (all, chosen) = try choose()
      var failures = 0
      for pack in chosen {
        let results = all.check(pack)
        failures += results.count { !$0.holds }
        Terminal.print("\(pack.name): \(results.count) samples, \(results.count { !$0.holds }) wrong")
        for result in results {
          Terminal.print("  \(result.holds ? "ok   " : "WRONG") \(result.sample.url)")
          Terminal.print("        \(result.found?.kind.rawValue ?? "-")  \(result.found?.text ?? "-")")
          for problem in result.problems { Terminal.print("        \(problem)") }
        }
      }
      if failures > 0 { throw ExitStatus.checkFailed.exit }
    }

    private func choose() throws -> (ProviderPacks, [ProviderPack]) {
      let paths = packs.filter { $0.contains("/") || $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
      let files = try paths.map { path in
        guard let bytes = FileManager.default.contents(atPath: path) else {
          throw CommandFailure(.noInput, "\(path) can't be read")
        }
        return (name: path, bytes: Array(bytes))
      }
      let all = files.isEmpty ? try options.load() : try ProviderPacks(files: files)
      if packs.isEmpty { return (all, all.all) }
      var chosen = all.all.filter { paths.contains($0.file) }
      for name in packs where !paths.contains(name) {
        guard let pack = all.pack(named: name) else {
          throw CommandFailure(
            .noInput, "there is no provider pack \(Terminal.shown(name)): `cordon provider list` shows them")
        }
        chosen.append(pack)
      }
      return (all, chosen)
    }
  }
}

/// A pack as people and programs read it.
private enum PackText {
  static func json(_ pack: ProviderPack) -> String {
    var json = JSONWriter()
    json.object { json in
      json.key("hosts")
      json.array { json in for host in pack.hosts { json.string(host.description) } }
      json.key("name")
      json.string(pack.name)
      json.key("orders")
      json.string(pack.orders.channel.rawValue)
      json.key("referrals")
      json.string(pack.referrals.channel.rawValue)
      json.key("service")
      json.string(pack.service.rawValue)
      json.key("title")
      json.string(pack.title)
    }
    return String(decoding: json.bytes, as: UTF8.self)
  }

  static func text(_ pack: ProviderPack) -> String {
    var lines = [
      "\(pack.title) (\(pack.name)), \(pack.service.rawValue)",
      "hosts      \(pack.hosts.map(\.description).joined(separator: ", "))",
    ]
    if !pack.aliases.isEmpty {
      lines.append("aliases    " + pack.aliases.map { "\($0.from) -> \($0.to)" }.joined(separator: ", "))
    }
    for rule in pack.ruleSources {
      lines.append(
        "\(rule.kind.rawValue.padding(toLength: 11, withPad: " ", startingAt: 0))\(rule.match.joined(separator: "  "))")
      lines.append("           -> \(rule.canonical)")
    }
    lines.append("referrals  \(pack.referrals.channel.rawValue), up to \(pack.referrals.batch) at once")
    lines.append("orders     \(pack.orders.channel.rawValue), up to \(pack.orders.batch) at once")
    if !pack.languages.isEmpty { lines.append("languages  \(pack.languages.joined(separator: ", "))") }
    for contact in [pack.contact.page, pack.contact.email, pack.contact.note].compactMap({ $0 }) {
      lines.append("contact    \(contact)")
    }
    lines.append("looked at  at most \(pack.requestsPerSecond) times a second")
    return lines.joined(separator: "\n")
  }
}
