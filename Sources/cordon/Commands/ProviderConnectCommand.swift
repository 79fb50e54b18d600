import ArgumentParser
import Casework

extension ProviderCommand {
  struct Connect: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a user the desk of a provider, who answers what is referred to it.",
      discussion: """
        The user has the role provider and no other, and answers for one provider alone.

        EXAMPLES
          cordon user add wave-desk --role provider --data ./record
          cordon provider connect wave wave-desk --data ./record
        """)
    @OptionGroup var data: DataOptions
    @Argument(help: "The name of the provider's pack.") var pack: String
    @Argument(help: "The user's name.") var user: String

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      try await installation.desk.connectProvider(pack: pack, to: user, as: caller)
    }
  }
}
