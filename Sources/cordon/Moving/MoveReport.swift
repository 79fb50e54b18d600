import Domain
import Foundation
import Storage
import TransparencyLog

/// How a record that was moved is told.
enum MoveReport {
  // Enough to look for; a thousand names would tell no more.
  private static let mostNames = 20

  static func show(_ outcome: RecordMove.Outcome) {
    let copy = outcome.copy
    Terminal.print("events       \(copy.size), \(copy.erased) of them with an erased personal part")
    Terminal.print("root         \(copy.root)")
    Terminal.print("last event   \(copy.at)")
    Terminal.print("files        \(outcome.files.count), and \(outcome.blobs.copied) blobs")
  }

  /// - Parameter isVerified: whether a replay proved the copy; nil where none was asked for.
  static func json(_ outcome: RecordMove.Outcome, isVerified: Bool?, to place: String) -> String {
    let copy = outcome.copy
    return JSONText.of { json in
      json.object { json in
        json.key("blobs")
        json.integer(outcome.blobs.copied)
        json.key("blobs_lost")
        json.integer(Int64(outcome.blobs.lost.count))
        json.key("erased")
        json.integer(copy.erased)
        json.key("events")
        json.integer(copy.size)
        json.key("files")
        json.integer(Int64(outcome.files.count))
        json.key("installation")
        json.identifier(outcome.installation)
        json.key("last_event_at")
        json.instant(copy.at)
        json.key("root")
        json.string(copy.root.hex)
        json.key("to")
        json.string(place)
        if let isVerified {
          json.key("verified")
          json.boolean(isVerified)
        }
      }
    }
  }

  /// Tells of blobs that the source has lost, and ends with 1: the copy is as complete as the source.
  static func tellLost(_ outcome: RecordMove.Outcome, in source: StoreAddress) throws {
    let lost = outcome.blobs.lost.map { Hex.encode($0) }.sorted()
    guard !lost.isEmpty else { return }
    for name in lost.prefix(mostNames) { Terminal.tell("LOST   blob \(name)") }
    Terminal.tell(
      "cordon: \(lost.count) blobs that the journal names are missing or damaged in \(source.directory)/blobs and "
        + "so in the copy: look for them in an older backup; everything else is complete")
    throw ExitStatus.checkFailed.exit
  }
}
