import API
import ArgumentParser
import Casework
import Domain
import Foundation
import Wire

/// `cordon work`: what people decide about items.
struct WorkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work",
    abstract: "Records what people decide about items.",
    discussion: """
      Each command takes the members of one entry as NAME=VALUE, or reads entries from standard input, one JSON
      object a line; /openapi.yaml describes them under the same names. A value that is JSON is taken as it is:
      to give a text that looks like a number write '"3"'. Up to 1,000 entries are one commit, and each is decided by
      itself. Ends with 0 when at least one is on record.

      EXAMPLES
        CORDON_TOKEN=$ANA cordon work assess --data ./record < findings.jsonl
        CORDON_TOKEN=$RITA cordon work confirm item=0195… assessment=41 agrees=true --data ./record
        CORDON_TOKEN=$DORA cordon queue deconflict --json | jq -c '{item: .id, clear: true}' | cordon work deconflict
      """,
    subcommands: [
      WorkOn<Assess>.self, WorkOn<Confirm>.self, WorkOn<Deconflict>.self, WorkOn<Clear>.self,
      WorkOn<OverrideHold>.self, WorkOn<Refer>.self, WorkOn<Retract>.self, WorkOn<Relate>.self,
    ])
}

/// A step as the command line names and explains it.
protocol NamedStep: WorkStep {
  static var commandName: String { get }
  static var abstract: String { get }
  /// The members of an entry, as they are typed.
  static var example: String { get }
}

/// One step on items: from the arguments or from lines of JSON.
struct WorkOn<Step: NamedStep>: CordonCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Step.commandName, abstract: Step.abstract,
      discussion: """
        Members: \((Step.Entry.members + Step.Entry.terms).joined(separator: ", ")).

        EXAMPLES
          cordon work \(Step.commandName) \(Step.example) --data ./record
          cordon work \(Step.commandName) --data ./record --json < entries.jsonl
        """)
  }

  @OptionGroup var data: DataOptions

  @Argument(help: "Members of one entry, NAME=VALUE; without them entries are read from standard input.")
  var members: [String] = []

  @Flag(help: "Prints one JSON object a line.")
  var json = false

  mutating func execute() async throws {
    let entries = try members.isEmpty ? Self.readLines() : [Self.entry(of: members)]
    guard !entries.isEmpty else { throw CommandFailure(.badInput, "standard input has no entry") }
    let (installation, caller) = try await Installation.openAsCaller(data)
    var recorded = 0
    var refusals: [Refusal] = []
    for start in stride(from: 0, to: entries.count, by: Desk.mostInOneRequest) {
      let batch = Array(entries[start..<min(start + Desk.mostInOneRequest, entries.count)])
      let outcomes = try await Step.run(batch, on: installation.desk, as: caller)
      for result in WorkReply(of: batch.map(\.item), outcomes).results { tell(result) }
      for outcome in outcomes {
        switch outcome {
        case .recorded: recorded += 1
        case .refused(let refusal): refusals.append(refusal)
        }
      }
    }
    guard recorded == 0 else { return }
    throw (refusals.count == 1 ? CommandFailure(refusals[0]).status : .badInput).exit
  }

  private func tell(_ result: WorkReply.Result) {
    guard !json else { return Terminal.print(JSONText.of(result.write)) }
    switch result.outcome {
    case .recorded(let index): Terminal.print("recorded  \(result.item)  journal \(index)")
    case .refused(_, let detail): Terminal.print("refused   \(result.item)  \(detail)")
    }
  }

  /// Everything is read before anything is recorded.
  private static func readLines() throws -> [Step.Entry] {
    let input = Array(FileHandle.standardInput.readDataToEndOfFile())
    var entries: [Step.Entry] = []
    for (number, line) in input.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) {
      do {
        entries += try EntryList<Step.Entry>(parsing: Array(line), mostEntries: Desk.mostInOneRequest).entries
      } catch {
        throw CommandFailure(.badInput, "line \(number + 1): \(error)")
      }
    }
    return entries
  }

  private static func entry(of members: [String]) throws -> Step.Entry {
    let body = try members.map { member in
      guard let equals = member.firstIndex(of: "=") else {
        throw CommandFailure(.usage, "\(Terminal.shown(member)) is not NAME=VALUE")
      }
      let value = Array(member[member.index(after: equals)...].utf8)
      let isJSON = (try? JSONValue(parsing: value)) != nil
      return JSONText.bytes { $0.string(String(member[..<equals])) } + [0x3A]
        + (isJSON ? value : JSONText.bytes { $0.string(utf8: value) })
    }
    do {
      let list = try EntryList<Step.Entry>(parsing: [0x7B] + body.joined(separator: [0x2C]) + [0x7D], mostEntries: 1)
      return list.entries[0]
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }
}

extension Assess: NamedStep {
  static var commandName: String { "assess" }
  static var abstract: String { "Records what a person found items to be." }
  static var example: String {
    #"item=0195… decision=refer categories='["INCITE"]' exemptions='{"education":false,…}'"#
  }
}

extension Confirm: NamedStep {
  static var commandName: String { "confirm" }
  static var abstract: String { "Confirms assessments of others, or sends them back." }
  static var example: String { "item=0195… assessment=41 agrees=true" }
}

extension Deconflict: NamedStep {
  static var commandName: String { "deconflict" }
  static var abstract: String { "Asks what other agencies do at items' addresses." }
  static var example: String { "item=0195… clear=true" }
}

extension Clear: NamedStep {
  static var commandName: String { "clear" }
  static var abstract: String { "Clears items whose check is valid." }
  static var example: String { "item=0195…" }
}

extension OverrideHold: NamedStep {
  static var commandName: String { "override" }
  static var abstract: String { "Sends on although somebody asked to wait." }
  static var example: String { #"item=0195… hold=57 reason="It announces an attack tonight""# }
}

extension Refer: NamedStep {
  static var commandName: String { "refer" }
  static var abstract: String { "Refers items to their providers." }
  static var example: String { "item=0195… release=h_hour" }
}

extension Retract: NamedStep {
  static var commandName: String { "retract" }
  static var abstract: String { "Takes referrals back." }
  static var example: String { #"item=0195… reason="It documents a crime""# }
}

extension Relate: NamedStep {
  static var commandName: String { "relate" }
  static var abstract: String { "Records that items are copies of others, or took their place." }
  static var example: String { "item=0195… relation=copy original=0194…" }
}
