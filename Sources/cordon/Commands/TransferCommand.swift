import ArgumentParser
import Domain
import Foundation
import Storage

/// `cordon transfer`: a record moves to another store.
struct TransferCommand: CordonCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer",
    abstract: "Copies a record into another, empty store by replaying its journal.",
    discussion: """
      From SQLite to PostgreSQL, back, or between two of a kind. Every event is checked and copied as it is, the tables
      are made anew from them, and the copy ends on the same root. Keys, packs and blobs go along. The source may be
      written to meanwhile: what comes after the copy began is not in it, so stop the writers first when the copy
      shall take the record's place. Ended on its way, it leaves a target that no command opens; run again, it
      begins anew.

      EXAMPLES
        cordon transfer --from sqlite:./record --to postgresql://cordon@db.example/cordon --to-data ./desk
        cordon transfer --from postgresql://cordon@db.example/cordon --from-data ./desk --to sqlite:./copy
        cordon verify --data ./copy --replay
      """)

  @Option(help: ArgumentHelp("Where the record is: sqlite:DIR or postgresql://USER@HOST/DATABASE.", valueName: "url"))
  var from: String

  @Option(help: ArgumentHelp("Where it shall go; there must be no record yet.", valueName: "url"))
  var to: String

  @Option(help: ArgumentHelp("The directory of the source's keys, packs and blobs.", valueName: "dir"))
  var fromData: String?

  @Option(help: ArgumentHelp("The directory of the target's keys, packs and blobs.", valueName: "dir"))
  var toData: String?

  @Flag(help: "Prints one JSON object.")
  var json = false

  mutating func execute() async throws {
    let source = try StoreAddress(from, directory: fromData)
    let target = try StoreAddress(to, directory: toData)
    let outcome = try await RecordMove(source: source, target: target).run()
    if json {
      Terminal.print(MoveReport.json(outcome, isVerified: nil, to: target.description))
    } else {
      MoveReport.show(outcome)
      Terminal.print("The record is in \(target) too, as it was at \(outcome.copy.size) events.")
      Terminal.print("What is written to \(source) from now on is not in it: use one of the two.")
      Terminal.print("Next: cordon verify \(target.options) --replay")
    }
    try MoveReport.tellLost(outcome, in: source)
  }
}
