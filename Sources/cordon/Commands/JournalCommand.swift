import ArgumentParser
import Casework
import Foundation
import Storage
import TransparencyLog

/// `cordon journal`: what outsiders need to verify the record themselves.
struct JournalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal",
    abstract: "Exports the journal, signs checkpoints, proves leaves.",
    subcommands: [Export.self, CheckpointCommand.self, Prove.self])

  struct Export: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes one JSON object a line, enough to recompute every leaf and the root.",
      discussion: """
        docs/journal-format.md has the format, and thirty lines of Python that check it.

        EXAMPLES
          cordon journal export --data ./record > journal.jsonl
          cordon journal export --data ./record --from 1000 | jq .type
        """)

    @OptionGroup var data: DataOptions

    @Option(help: "The first index to write.")
    var from: Int64 = 0

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      var next = max(0, from)
      while true {
        let rows = try await installation.desk.journal(from: next, limit: 4_096, as: caller)
        guard let last = rows.last else { return }
        var output: [UInt8] = []
        for row in rows {
          output += try JournalLine.encode(row)
          output.append(0x0A)
        }
        Terminal.write(output, to: STDOUT_FILENO)
        next = last.index + 1
      }
    }
  }

  struct CheckpointCommand: CordonCommand {
    static let configuration = CommandConfiguration(
      commandName: "checkpoint",
      abstract: "Prints the signed checkpoint of the journal as it is now, making one if needed.",
      discussion: """
        Keep it where nobody who can change the record can reach it: only then does it show a rollback.

        EXAMPLE
          cordon journal checkpoint --data ./record > kept-elsewhere.txt
        """)

    @OptionGroup var data: DataOptions

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      let note = try await installation.desk.checkpoint(as: caller)
      Terminal.write(Array(note.encoded.utf8), to: STDOUT_FILENO)
    }
  }

  struct Prove: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes the proof that a leaf is in the journal (C2SP tlog-proof).",
      discussion: """
        EXAMPLE
          cordon journal prove 42 --data ./record > leaf-42.tlog-proof
        """)

    @OptionGroup var data: DataOptions

    @Argument(help: "The leaf's index, from 0.")
    var index: Int64

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      let proof = try await installation.desk.proof(of: index, as: caller)
      Terminal.write(Array(proof.encoded.utf8), to: STDOUT_FILENO)
    }
  }
}
