import API
import ArgumentParser
import Casework
import Domain
import Storage
import Wire

extension ItemCommand {
  struct History: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows everything that is known of an item, and what may be done next.",
      discussion: """
        EXAMPLES
          cordon item history 0195… --data ./record
          cordon item history 0195… --data ./record --json | jq .work
        """)
    @OptionGroup var data: DataOptions
    @Argument(help: "The item's identifier.") var item: String
    @Flag(help: "Prints one JSON object.") var json = false

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      let dossier = try await installation.desk.dossier(try itemID(item), as: caller)
      guard !json else {
        return Terminal.print(JSONText.of(DossierMessage(dossier, at: SystemClock().now()).write))
      }
      Terminal.print(ItemLine.text(dossier.item))
      for entry in dossier.history {
        let actor = Terminal.shown(entry.actorName ?? "\(entry.header.actor)")
        Terminal.print("  \(entry.header.index)  \(entry.header.at)  \(entry.header.type)  \(actor)")
        Terminal.print("      \(entry.facts)")
        if let personal = entry.personal { Terminal.print("      \(Terminal.shown(personal))") }
      }
      for step in dossier.steps {
        Terminal.print("  \(step.kind.rawValue): \(step.obstacle ?? "can be done now")")
      }
    }
  }
}
