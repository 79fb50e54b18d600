import ArgumentParser
import Domain
import Foundation
import Storage
import TransparencyLog

/// `cordon verify`: whether the record is the one that was written.
struct VerifyCommand: CordonCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks the journal against itself, and every table against the journal.",
    discussion: """
      Recomputes the tree from the stored leaves and trusts no table. With --replay it rebuilds every table from
      the journal and compares row by row; with --checkpoint it holds the journal against a checkpoint that
      somebody kept, which alone shows a rollback. Ends with 1 and names the first leaf or row that is wrong.

      EXAMPLES
        cordon journal checkpoint --data ./record > kept-elsewhere.txt
        cordon verify --data ./record --replay --checkpoint kept-elsewhere.txt
        cordon verify --store postgresql://cordon@db.example/cordon --key journal.vkey --replay
      """)

  @OptionGroup var data: DataOptions

  @Flag(help: "Rebuilds every table from the journal and compares.")
  var replay = false

  @Option(help: ArgumentHelp("An older signed checkpoint.", valueName: "file"))
  var checkpoint: String?

  @Option(help: ArgumentHelp("The journal's public key; the record's own when it is not given.", valueName: "file"))
  var key: String?

  @Flag(help: "Prints one JSON object.")
  var json = false

  mutating func execute() async throws {
    let address = try data.address
    guard !address.isMissing else { throw CommandFailure(.noInput, "there is no record in \(address)") }
    let verifier = try KeyFiles(directory: address.directory + "/keys").loadVerifier(at: key)
    let outside = try checkpoint.map(Self.readNote)
    do {
      let report = try await address.verified(by: verifier, outside: outside, replay: replay)
      json ? Terminal.print(jsonText(report)) : tell(report)
      if !report.isSound { throw ExitStatus.checkFailed.exit }
    } catch StorageError.damaged(let what) {
      Terminal.tell("cordon: the database file is damaged: \(what)")
      throw ExitStatus.checkFailed.exit
    }
  }

  private static func readNote(_ path: String) throws -> SignedNote {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.noInput, "the checkpoint \(path) can't be read")
    }
    return try SignedNote(parsing: String(decoding: bytes, as: UTF8.self))
  }

  private func tell(_ report: VerificationReport) {
    for finding in report.findings { Terminal.print("WRONG  \(finding)") }
    if report.furtherFindings > 0 { Terminal.print("WRONG  and \(report.furtherFindings) more") }
    Terminal.print("leaves       \(report.size), \(report.erased) of them with an erased personal part")
    Terminal.print("root         \(report.root)")
    Terminal.print("checkpoints  \(report.checkpoints)")
    if let rows = report.replayedRows { Terminal.print("replay       \(rows) rows compared") }
    if !report.isSound {
      Terminal.print("The record is NOT what was written.")
    } else if checkpoint == nil {
      Terminal.print("Everything fits. Only a checkpoint kept elsewhere shows a rollback: --checkpoint FILE.")
    } else {
      Terminal.print("Everything fits, and the journal continues the checkpoint that was given.")
    }
  }

  private func jsonText(_ report: VerificationReport) -> String {
    var json = JSONWriter()
    json.object { json in
      json.key("checkpoints")
      json.integer(Int64(report.checkpoints))
      json.key("erased")
      json.integer(Int64(report.erased))
      json.key("findings")
      json.array { json in
        for finding in report.findings {
          json.object { json in
            json.key("place")
            json.string(finding.place.description)
            json.key("problem")
            json.string(finding.problem)
          }
        }
      }
      json.key("further_findings")
      json.integer(Int64(report.furtherFindings))
      json.key("leaves")
      json.integer(Int64(report.size))
      json.key("replayed_rows")
      if let rows = report.replayedRows { json.integer(rows) } else { json.null() }
      json.key("root")
      json.string(report.root.hex)
      json.key("sound")
      json.boolean(report.isSound)
    }
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
