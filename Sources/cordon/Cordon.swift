import ArgumentParser

@main
struct Cordon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cordon",
    abstract: "Puts addresses of illegal content on record, in a journal that nobody can quietly change.",
    discussion: """
      Whoever opens the data directory acts as its owner; with CORDON_TOKEN in the environment a command acts
      as the token's user. Exit codes are those of sysexits.h: see docs/exit-codes.md.

      A record is named in one way everywhere, or by CORDON_STORE and CORDON_DATA in the environment:
        --data ./record                     a directory with everything in it (SQLite)
        --store sqlite:./record             the same
        --store postgresql://db/cordon      journal and tables in PostgreSQL; keys, packs and blobs below
                                            ~/.local/state/cordon
        --store postgresql://db/cordon --data ./desk
                                            the same, with keys, packs and blobs in ./desk
      """,
    version: "0.1.0",
    subcommands: [
      ImportCommand.self, ServeCommand.self, VerifyCommand.self, JournalCommand.self, LocateCommand.self,
      LookCommand.self,
      ProviderCommand.self, ItemCommand.self, UserCommand.self, AgencyCommand.self, TokenCommand.self,
      OperationCommand.self, OutletCommand.self, CaseCommand.self, QueueCommand.self, WorkCommand.self,
      ExerciseCommand.self, RangeCommand.self, ReportCommand.self, TransferCommand.self, BackupCommand.self,
      RestoreCommand.self,
    ])
}
