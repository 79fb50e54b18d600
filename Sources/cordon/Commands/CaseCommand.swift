import API
public import ArgumentParser
import Casework
public import Domain
import Storage
import Wire

extension CaseFactKind: ExpressibleByArgument {}

/// `cordon case`: national files behind operations.
struct CaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "case", abstract: "Opens cases and records what happened in them.",
    subcommands: [Open.self, List.self, Fact.self])

  struct Open: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Opens a case and prints its identifier; nobody but your agency sees it.",
      discussion: """
        EXAMPLE
          cordon case open "UJs 17/26" --operation "Action day" --prosecutor petra --data ./record
        """)
    @OptionGroup var data: DataOptions
    @Argument(help: "The file number.") var reference: String
    @Option(help: "The identifier or name of the operation that it stands behind.") var operation: String?
    @Option(help: "The name of the user who leads it.") var prosecutor: String?
    @Flag(help: "Prints one JSON object.") var json = false

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      var behind: ID<Operation>?
      if let operation { behind = try await installation.operation(operation, as: caller) }
      let id = try await installation.desk.openCase(
        reference: reference, operation: behind, prosecutor: prosecutor, as: caller)
      Terminal.print(json ? JSONText.of(CreatedReply(id: id.identifier).write) : "\(id)")
    }
  }

  struct List: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists your agency's cases with their facts.",
      discussion: """
        EXAMPLE
          cordon case list --data ./record
        """)
    @OptionGroup var data: DataOptions
    @Flag(help: "Prints one JSON object a line.") var json = false

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      for (file, facts) in try await installation.desk.cases(as: caller) {
        guard !json else {
          Terminal.print(JSONText.of(CaseMessage(file: file, facts: facts.map(CaseMessage.Fact.init)).write))
          continue
        }
        Terminal.print("\(file.id)  \(Terminal.shown(file.reference ?? "(erased)"))")
        for fact in facts {
          Terminal.print("  \(fact.happenedAt)  \(fact.kind.rawValue)  \(Terminal.shown(fact.note ?? ""))")
        }
      }
    }
  }

  struct Fact: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Records what happened in a case.",
      discussion: """
        EXAMPLE
          cordon case fact 0195… arrest --at 2026-11-23T04:12:00Z --note "At the airport" --data ./record
        """)
    @OptionGroup var data: DataOptions
    @Argument(help: "The case's identifier.") var file: String
    @Argument(help: "What it was.") var kind: CaseFactKind
    @Option(help: "When it happened, such as 2026-11-23T04:12:00Z.") var at: Instant
    @Option(help: "What there is to say about it.") var note: String?

    mutating func execute() async throws {
      guard let id = ID<CaseFile>(file) else {
        throw CommandFailure(.usage, "this is not a case's identifier: `cordon case list` shows them")
      }
      let (installation, caller) = try await Installation.openAsCaller(data)
      try await installation.desk.recordFact(kind, at: at, note: note, in: id, as: caller)
    }
  }
}
