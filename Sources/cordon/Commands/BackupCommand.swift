import ArgumentParser
import Domain
import Foundation
import Storage
import TransparencyLog

/// `cordon backup`: a complete copy of a record, while it is written to.
struct BackupCommand: CordonCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Makes a complete copy of a record in a new directory, while it is served and written to.",
    discussion: """
      The backup is a record of its own at one size of the journal: database, keys, packs, blobs, and a manifest with
      the digest of each file. It is proven before it gets its name: every table is rebuilt from its journal and
      compared. It holds the keys, so keep it as you keep the record; what is erased later lives on in it, so
      don't keep it longer than docs/moving-house.md says. Ended on its way, it leaves DIR.unfinished, which the next
      run removes.

      EXAMPLES
        cordon backup --data ./record --to /backup/cordon/2026-11-25
        cordon backup --store postgresql://cordon@db.example/cordon --to /backup/cordon/2026-11-25 --json
        cordon verify --data /backup/cordon/2026-11-25 --replay
        cordon restore --from /backup/cordon/2026-11-25 --data ./restored
      """)

  @OptionGroup var data: DataOptions

  @Option(help: ArgumentHelp("The directory of the backup; it must not be there yet.", valueName: "dir"))
  var to: String

  @Flag(
    inversion: .prefixedNo, help: "Proves the backup by replaying its journal; each event is checked in any case.")
  var verify = true

  @Flag(help: "Prints one JSON object.")
  var json = false

  mutating func execute() async throws {
    let source = try data.address
    let folder = try BackupFolder(to)
    let madeAt = SystemClock().now()
    try folder.begin()
    let outcome: RecordMove.Outcome
    do {
      outcome = try await make(source, in: folder, at: madeAt)
      try folder.finish()
    } catch {
      folder.remove()
      throw error
    }
    show(outcome)
    try MoveReport.tellLost(outcome, in: source)
  }

  private func make(_ source: StoreAddress, in folder: BackupFolder, at madeAt: Instant) async throws
    -> RecordMove.Outcome
  {
    let outcome = try await RecordMove(source: source, target: StoreAddress(directory: folder.directory)).run()
    let sealed = StoreAddress(sealed: folder.directory)
    try sealed.seal()
    if verify { try await prove(sealed) }
    let database = try FileCopy.digest(of: "cordon.db", in: folder.directory)
    try BackupManifest(outcome, database: database, madeAt: madeAt).write(to: folder.directory)
    return outcome
  }

  private func prove(_ target: StoreAddress) async throws {
    let verifier = try KeyFiles(directory: target.directory + "/keys").loadVerifier()
    let report = try await target.verified(by: verifier, replay: true)
    guard report.isSound else {
      for finding in report.findings { Terminal.tell("WRONG  \(finding)") }
      throw CommandFailure(
        .checkFailed,
        "the record is not what was written, so there is no backup of it: see what `cordon verify` says of it, and keep "
          + "your older backups; --no-verify copies it nevertheless")
    }
  }

  private func show(_ outcome: RecordMove.Outcome) {
    if json { return Terminal.print(MoveReport.json(outcome, isVerified: verify, to: to)) }
    MoveReport.show(outcome)
    Terminal.print(
      verify ? "The backup in \(to) is complete and was proven by a replay." : "The backup in \(to) is complete.")
  }
}
