import ArgumentParser

@main
struct Cordon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cordon",
    abstract: "Puts addresses of illegal content on record, in a journal that nobody can quietly change.",
    discussion: """
      Whoever opens the data directory acts as its owner; with CORDON_TOKEN in the environment a command acts
      as the token's user. Exit codes are those of sysexits.h: see docs/exit-codes.md.
      """,
    version: "0.1.0",
    subcommands: [
      ImportCommand.self, ServeCommand.self, VerifyCommand.self, JournalCommand.self, LocateCommand.self,
      LookCommand.self,
      ProviderCommand.self, ItemCommand.self, UserCommand.self, AgencyCommand.self, TokenCommand.self,
      OperationCommand.self, OutletCommand.self, CaseCommand.self, QueueCommand.self, WorkCommand.self,
      ExerciseCommand.self, RangeCommand.self, ReportCommand.self,
    ])
}
