import API
public import ArgumentParser
import Casework
public import Domain
public import Storage
import Wire

extension Figure: ExpressibleByArgument {}

extension Instant: ExpressibleByArgument {
  public init?(argument: String) { self.init(rfc3339: argument) }
}

/// `cordon operation`: joint actions.
struct OperationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operation", abstract: "Opens joint operations and shows how they stand.",
    subcommands: [Open.self, List.self, Join.self, HHour.self, Board.self, FiguresCommand.self])

  struct Open: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Opens an operation and prints its identifier.",
      discussion: """
        EXAMPLE
          cordon operation open "Action day" --data ./record
        """)
    @OptionGroup var data: DataOptions
    @Argument(help: "A name that your agency has not used yet.") var name: String
    @Flag(help: "Prints one JSON object.") var json = false

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      let id = try await installation.desk.openOperation(name, as: caller)
      Terminal.print(json ? JSONText.of(CreatedReply(id: id.identifier).write) : "\(id)")
    }
  }

  struct List: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the operations in which your agency takes part.",
      discussion: """
        EXAMPLE
          cordon operation list --data ./record --json | jq -r .id
        """)
    @OptionGroup var data: DataOptions
    @Flag(help: "Prints one JSON object a line.") var json = false

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      for operation in try await installation.desk.operations(as: caller) {
        guard !json else {
          Terminal.print(JSONText.of { OperationMessage.write(operation, to: &$0) })
          continue
        }
        let hHour = operation.hHour.map { "  H-hour \($0)" } ?? ""
        Terminal.print("\(operation.id)  \(Terminal.shown(operation.name ?? "(erased)"))\(hHour)")
      }
    }
  }

  struct Join: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets another agency of the installation take part.",
      discussion: """
        EXAMPLE
          cordon operation join "Action day" "Second unit" --data ./record
        """)
    @OptionGroup var data: DataOptions
    @Argument(help: "The operation's identifier or name.") var operation: String
    @Argument(help: "The agency's name.") var agency: String

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      let id = try await installation.operation(operation, as: caller)
      try await installation.desk.join(agency, to: id, as: caller)
    }
  }

  struct HHour: CordonCommand {
    static let configuration = CommandConfiguration(
      commandName: "h-hour",
      abstract: "Agrees the moment at which what waits for it leaves together.",
      discussion: """
        EXAMPLES
          cordon operation h-hour "Action day" 2026-12-01T05:00:00Z --data ./record
          cordon operation h-hour "Action day" --off --data ./record
        """)
    @OptionGroup var data: DataOptions
    @Argument(help: "The operation's identifier or name.") var operation: String
    @Argument(help: "The moment, such as 2026-12-01T05:00:00Z.") var moment: Instant?
    @Flag(help: "Calls it off.") var off = false

    func validate() throws {
      guard (moment == nil) == off else { throw ValidationError("give either a moment or --off") }
    }

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      let id = try await installation.operation(operation, as: caller)
      try await installation.desk.setHHour(moment, of: id, as: caller)
    }
  }

  struct Board: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows an operation's figures, whole and by provider.",
      discussion: """
        EXAMPLE
          cordon operation board "Action day" --data ./record
        """)
    @OptionGroup var data: DataOptions
    @Argument(help: "The operation's identifier or name.") var operation: String
    @Flag(help: "Prints one JSON object.") var json = false

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      let id = try await installation.operation(operation, as: caller)
      let board = try await installation.desk.board(of: id, as: caller)
      guard !json else { return Terminal.print(JSONText.of(BoardMessage(board).write)) }
      Terminal.print("\(Terminal.shown(board.operation.name ?? "(erased)")), as of journal entry \(board.journalSize)")
      Terminal.print("  all  \(Self.text(board.total))")
      for part in board.providers {
        Terminal.print("  \(Terminal.shown(part.provider.name ?? "(erased)"))  \(Self.text(part.figures))")
      }
    }

    private static func text(_ figures: Storage.Figures) -> String {
      let counted = Figure.allCases.filter { figures[$0] > 0 }.map { "\($0.rawValue) \(figures[$0])" }
      return counted.isEmpty ? "nothing yet" : counted.joined(separator: ", ")
    }
  }

  struct FiguresCommand: CordonCommand {
    static let configuration = CommandConfiguration(
      commandName: "figures",
      abstract: "Lists the journal entries behind a figure.",
      discussion: """
        EXAMPLES
          cordon operation figures "Action day" claimed_gone --data ./record
          cordon operation figures "Action day" referred --data ./record --json | wc -l
        """)
    @OptionGroup var data: DataOptions
    @Argument(help: "The operation's identifier or name.") var operation: String
    @Argument(help: "The figure.") var figure: Figure
    @Option(help: "Only of the provider with this identifier.") var provider: String?
    @Flag(help: "Prints one JSON object a line.") var json = false

    mutating func execute() async throws {
      let provider = try provider.map { text in
        guard let id = ID<Provider>(text) else { throw CommandFailure(.usage, "--provider is an identifier") }
        return id
      }
      let (installation, caller) = try await Installation.openAsCaller(data)
      let id = try await installation.operation(operation, as: caller)
      var after: Int64 = -1
      while true {
        let indexes = try await installation.desk.entries(
          behind: figure, of: id, provider: provider, Page(after: after, limit: 1_000), as: caller)
        guard let last = indexes.last else { return }
        for index in indexes { Terminal.print(json ? "{\"journal_index\":\(index)}" : "\(index)") }
        after = last
      }
    }
  }
}

extension Installation {
  /// The operation of this identifier, or the caller's of this name.
  func operation(_ text: String, as caller: Caller) async throws -> ID<Operation> {
    if let id = ID<Operation>(text) { return id }
    let named = try await desk.operations(as: caller).filter { $0.name?.lowercased() == text.lowercased() }
    guard let operation = named.first, named.count == 1 else {
      throw CommandFailure(
        .noInput,
        named.isEmpty
          ? "there is no operation \(Terminal.shown(text)): `cordon operation list` shows them"
          : "several operations have this name: take an identifier of `cordon operation list`")
    }
    return operation.id
  }
}
