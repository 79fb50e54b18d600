import Crypto
import Domain
import Foundation
import Storage
import Synchronization

/// What belongs to a record beside its store: keys, the unit's packs, blobs, and what makes it an exercise.
struct RecordFiles {
  let directory: String

  // That a record is an exercise's must move with it: nothing of such a record may leave the machine.
  private static let ofExercise = [
    "exercise.json", "accounts.txt", "range.json", "range.jsonl", "progress.jsonl",
  ]

  /// The files but for blobs, below the directory, in the order of their paths.
  func paths() throws -> [String] {
    var paths = try files(in: "keys") + files(in: "packs")
    if ExerciseHouse.isExercise(directory) {
      paths += Self.ofExercise.filter { FileManager.default.fileExists(atPath: "\(directory)/\($0)") }
    }
    return paths.sorted()
  }

  /// Copies all of them into another directory; the keys get their place there when the record stands.
  func copy(to target: String, keysAs keys: String) throws -> [FileDigest] {
    try paths().map { path in
      let name = path.hasPrefix("keys/") ? keys + path.dropFirst("keys".count) : path
      let place = "\(target)/\(name)"
      if FileManager.default.fileExists(atPath: place) {
        let copied = try FileCopy.digest(of: path, in: directory)
        guard try FileCopy.digest(of: name, in: target).sha256 == copied.sha256 else {
          throw CommandFailure(.cannotCreate, "\(place) is there already and holds something else: move it away")
        }
        return copied
      }
      return try FileCopy.copy(path, in: directory, to: name, in: target)
    }
  }

  private func files(in folder: String) throws -> [String] {
    let path = "\(directory)/\(folder)"
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).filter { name in
        let type = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.type] as? FileAttributeType
        return type == .typeRegular || type == .typeSymbolicLink
      }.map { "\(folder)/\($0)" }
    } catch {
      throw CommandFailure(.noInput, "\(path) can't be read: \(error.localizedDescription)")
    }
  }
}

/// Copies each blob that an event names and holds it against its digest.
final class BlobCopy: Sendable {
  struct Count: Sendable {
    var copied: Int64 = 0
    /// Not there, or not what their digest says: they are left out.
    var lost: Set<[UInt8]> = []
  }

  private let source: BlobFolder
  private let target: BlobFolder
  private let state = Mutex(Count())

  init(from source: String, to target: String) {
    self.source = BlobFolder(directory: source + "/blobs")
    self.target = BlobFolder(directory: target + "/blobs")
  }

  var count: Count { state.withLock { $0 } }

  func take(_ digest: [UInt8]) throws {
    guard let bytes = try source.bytes(of: digest), Array(SHA256.hash(data: bytes)) == digest else {
      return state.withLock { count in _ = count.lost.insert(digest) }
    }
    let isNew = try target.keep(bytes, under: digest)
    state.withLock { $0.copied += isNew ? 1 : 0 }
  }
}
