import Foundation

/// The directory of a backup while it is made: `DIR.unfinished` beside the place where it shall be.
///
/// It gets its name when it is complete and on disk, so that what has the name is whole, however a backup ends.
struct BackupFolder {
  let final: String
  var directory: String { final + ".unfinished" }

  /// Throws where the place is taken.
  init(_ named: String) throws {
    final = named.count > 1 && named.hasSuffix("/") ? String(named.dropLast()) : named
    let files = FileManager.default
    guard !final.isEmpty else { throw CommandFailure(.usage, "say where the backup shall be: --to DIR") }
    if files.fileExists(atPath: final) {
      // Nil where it is no directory.
      guard let names = try? files.contentsOfDirectory(atPath: final), names.isEmpty else {
        throw CommandFailure(.cannotCreate, "\(final) is there already: name a new directory for each backup")
      }
    }
  }

  /// Makes the directory, empty and ours alone, whatever an earlier backup left that was killed.
  ///
  /// Throws where another backup is being written there.
  func begin() throws {
    try makeDirectory(directory)
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // The lock is held until the process ends, however it ends.
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw CommandFailure(.unavailable, "another backup is being written to \(final): wait for its end")
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
      try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
    }
  }

  /// After a failure: what is unfinished takes room that is needed, most of all where that is why it ended.
  func remove() { try? FileManager.default.removeItem(atPath: directory) }

  private func makeDirectory(_ path: String) throws {
    umask(0o077)
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure(.cannotCreate, "\(path) can't be created: \(error.localizedDescription)")
    }
  }

  /// Gives the backup its name.
  func finish() throws {
    guard rename(directory, final) == 0 else {
      throw CommandFailure(.cannotCreate, "\(final) can't be named: \(String(cString: strerror(errno)))")
    }
    let parent = final.lastIndex(of: "/").map { String(final[..<$0]) } ?? "."
    try FileCopy.flush(parent.isEmpty ? "/" : parent)
  }
}
