import ArgumentParser
import Domain
import Foundation
import Storage

/// `cordon restore`: a backup becomes a record again.
struct RestoreCommand: CordonCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Makes a record from a backup, in a store that has none.",
    discussion: """
      First holds every file of the backup against its digest and the backup's journal against itself; then copies
      it as `cordon transfer` does, into SQLite or PostgreSQL, and ends on the root that the backup was made at. The
      backup stays as it is. What was recorded after it was made is lost, and a checkpoint that somebody kept since
      shows that; what was sent since is sent again under the same keys, which receivers recognise.

      EXAMPLES
        cordon restore --from /backup/cordon/2026-11-25 --data ./record
        cordon restore --from /backup/cordon/2026-11-25 --store postgresql://cordon@db.example/cordon --data ./desk
      """)

  @OptionGroup var data: DataOptions

  @Option(help: ArgumentHelp("The directory of the backup.", valueName: "dir"))
  var from: String

  @Flag(help: "Prints one JSON object.")
  var json = false

  mutating func execute() async throws {
    let target = try data.address
    let source = StoreAddress(directory: from)
    let manifest = try BackupManifest(of: source.directory)
    try manifest.check(source.directory)
    try await check(source, against: manifest)
    let outcome = try await RecordMove(source: source, target: target).run()
    if json {
      Terminal.print(MoveReport.json(outcome, isVerified: nil, to: target.description))
    } else {
      MoveReport.show(outcome)
      Terminal.print(
        "The record of \(manifest.madeAt) is in \(target) again. Nothing that was recorded later is in it.")
      Terminal.print("Next: cordon verify \(target.options) --replay, then cordon serve \(target.options)")
    }
    try MoveReport.tellLost(outcome, in: source)
  }

  /// Holds the backup against its own journal; one of an older layout is checked event by event as it is copied.
  private func check(_ source: StoreAddress, against manifest: BackupManifest) async throws {
    let verifier = try KeyFiles(directory: source.directory + "/keys").loadVerifier()
    do {
      let report = try await source.verified(by: verifier, replay: false)
      guard report.isSound else {
        for finding in report.findings { Terminal.tell("WRONG  \(finding)") }
        throw BackupManifest.damaged(source.directory, "its record is not what was written")
      }
      guard Int64(report.size) == manifest.size, report.root == manifest.root else {
        throw BackupManifest.damaged(source.directory, "its journal is not the one that its manifest speaks of")
      }
    } catch StorageError.older {
      return
    }
  }
}
