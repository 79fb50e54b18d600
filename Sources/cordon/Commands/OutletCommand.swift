import API
import ArgumentParser
import Casework
import Domain
import Wire

/// `cordon outlet`: whose network is watched.
struct OutletCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outlet", abstract: "Watches outlets.", subcommands: [Add.self, List.self])

  struct Add: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Watches an outlet from now on and prints its identifier; to be reviewed after a year.",
      discussion: """
        EXAMPLE
          cordon outlet add "Beacon media" --operation "Action day" --data ./record
        """)
    @OptionGroup var data: DataOptions
    @Argument(help: "A name that your agency has not used yet.") var name: String
    @Option(help: "The identifier or name of the operation that it is watched for.") var operation: String?
    @Flag(help: "Prints one JSON object.") var json = false

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      var within: ID<Operation>?
      if let operation { within = try await installation.operation(operation, as: caller) }
      let id = try await installation.desk.registerOutlet(name, operation: within, as: caller)
      Terminal.print(json ? JSONText.of(CreatedReply(id: id.identifier).write) : "\(id)")
    }
  }

  struct List: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the outlets that your agency watches.",
      discussion: """
        EXAMPLE
          cordon outlet list --data ./record --json | jq .days
        """)
    @OptionGroup var data: DataOptions
    @Flag(help: "Prints one JSON object a line.") var json = false

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      for (outlet, days) in try await installation.desk.outlets(as: caller) {
        guard !json else {
          Terminal.print(
            JSONText.of { OutletMessage.write(outlet, days: days.map(ObservationsMessage.Day.init), to: &$0) })
          continue
        }
        let name = Terminal.shown(outlet.name ?? "(erased)")
        Terminal.print("\(outlet.id)  \(name)  \(days.count) days, to be reviewed by \(outlet.reviewAt)")
      }
    }
  }
}
