import Casework
import Foundation
import Storage

/// The keys of a record that is opened or founded.
///
/// New ones are made in `keys.new` and renamed once the record stands, so that a kill in between is taken up
/// again. Processes on several machines may find one store empty at once: the record is then the first one's,
/// which the keys of the others show.
struct FoundingKeys {
  let files: KeyFiles
  /// Whether the record that they belong to is only just being founded.
  let areNew: Bool
  private let directory: String
  private let areMadeNow: Bool

  /// Takes the keys of a record, or makes those of a new one; throws where one is there without the other.
  static func prepare(
    at address: StoreAddress, state: RecordState, isFounding: Bool, random: SystemRandom
  ) throws -> FoundingKeys {
    let directory = address.directory
    if state == .unfinished { throw TransferFault.unfinished }
    if areThere(in: directory) {
      guard state != .empty else { throw missingRecord(address) }
      return FoundingKeys(
        files: KeyFiles(directory: directory + "/keys"), areNew: false, directory: directory, areMadeNow: false)
    }
    let files = KeyFiles(directory: directory + "/keys.new")
    let areMade = FileManager.default.fileExists(atPath: files.verifierPath)
    if !areMade {
      guard state == .empty else { throw missingKeys(address) }
      guard isFounding else { throw missingStore(address) }
      try files.create(random: random)
    }
    // Before the record's first byte: a record whose keys are lost with the power recognises nothing. Always, since
    // whoever made them may have been killed before it came to this.
    for folder in [files.directory, directory, FolderFlush.parent(of: directory)] { try FolderFlush.flush(folder) }
    return FoundingKeys(files: files, areNew: true, directory: directory, areMadeNow: !areMade)
  }

  /// Throws where a directory has keys of a record, but the record is not there.
  static func requireNone(at address: StoreAddress) throws {
    if areThere(in: address.directory) { throw missingRecord(address) }
  }

  static func areThere(in directory: String) -> Bool { FileManager.default.fileExists(atPath: directory + "/keys") }

  /// The record is not one of these keys.
  func refused(because fault: KeysFault, at address: StoreAddress) -> CommandFailure {
    // Made a moment ago for a record that somebody else has founded first: they never belonged to anything.
    if areMadeNow { try? FileManager.default.removeItem(atPath: files.directory) }
    return CommandFailure(
      .configuration,
      "\(files.directory) does not belong to the record in \(address): \(fault). "
        + "Put the keys there that are beside the record elsewhere, or those of its backup")
  }

  /// The record stands: its keys get their name.
  func finish() throws {
    guard areNew else { return }
    try FileManager.default.moveItem(atPath: files.directory, toPath: directory + "/keys")
    try FolderFlush.flush(directory)
  }

  static func missingStore(_ address: StoreAddress) -> CommandFailure {
    CommandFailure(.noInput, "there is no record in \(address): `cordon import \(address.options) FILE` makes one")
  }

  static func missingKeys(_ address: StoreAddress) -> CommandFailure {
    CommandFailure(
      .configuration,
      "\(address.directory)/keys is missing, and \(address) has a record that was made with them: copy them from where "
        + "that is used already, or restore them from a backup; without them nothing can be added")
  }

  private static func missingRecord(_ address: StoreAddress) -> CommandFailure {
    let directory = address.directory
    let what =
      switch address.place {
      case .sqlite, .backup: "\(directory) has keys but cordon.db is missing or empty: restore it"
      case .postgres: "\(directory) has keys but \(address) has no record: name the database that it is in, restore it"
      }
    return CommandFailure(.configuration, "\(what), or move \(directory)/keys away to begin a new record")
  }
}
