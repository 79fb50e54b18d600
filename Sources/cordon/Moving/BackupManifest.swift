import Domain
import Foundation
import Storage
import TransparencyLog

/// What a finished backup holds: `manifest.json`, written last. A directory without one is no backup.
struct BackupManifest: Sendable {
  static let name = "manifest.json"
  private static let format: Int64 = 1

  let installation: Identifier
  let size: Int64
  let root: TreeHash
  /// The instant of the last event.
  let at: Instant
  let madeAt: Instant
  /// The database, keys, packs, and what makes it an exercise.
  let files: [FileDigest]
  /// Each lies under its own digest; so many there are.
  let blobs: Int64

  func write(to directory: String) throws {
    let path = "\(directory)/\(Self.name)"
    do { try Data(json + [0x0A]).write(to: URL(fileURLWithPath: path)) } catch {
      throw CommandFailure(.inputOutput, "\(path) can't be written: make room and run the command again")
    }
    let file = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    guard file >= 0, chmod(path, 0o600) == 0, fsync(file) == 0 else {
      throw CommandFailure(.inputOutput, "\(path) can't be written: make room and run the command again")
    }
    try FileCopy.flush(directory)
  }

  private var json: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("blobs")
      json.integer(blobs)
      json.key("events")
      json.integer(size)
      json.key("files")
      json.array { json in
        for file in files {
          json.object { json in
            json.key("bytes")
            json.integer(file.bytes)
            json.key("path")
            json.string(file.path)
            json.key("sha256")
            json.hex(file.sha256)
          }
        }
      }
      json.key("format")
      json.integer(Self.format)
      json.key("installation")
      json.identifier(installation)
      json.key("last_event_at")
      json.instant(at)
      json.key("made_at")
      json.instant(madeAt)
      json.key("root")
      json.string(root.hex)
    }
    return json.bytes
  }

  /// Reads the manifest of a backup.
  init(of directory: String) throws {
    let path = "\(directory)/\(Self.name)"
    guard FileManager.default.fileExists(atPath: directory) else {
      throw CommandFailure(.noInput, "there is no backup in \(directory)")
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(
        .noInput, "\(directory) holds no finished backup: \(Self.name), which is written last, is not there")
    }
    do {
      let json = try JSONObject(parsing: Array(bytes))
      let format = try json.integer("format")
      guard format == Self.format else {
        throw CommandFailure(.configuration, "\(path) is of format \(format), which this program does not know")
      }
      guard let root = TreeHash(hex: try json.text("root")) else { throw JSONFault.wrongType("root") }
      self.root = root
      installation = try json.identifier("installation")
      size = try json.integer("events")
      at = try json.instant("last_event_at")
      madeAt = try json.instant("made_at")
      blobs = try json.integer("blobs")
      files = try Self.files(json)
    } catch is JSONFault {
      throw CommandFailure(.checkFailed, "\(path) is damaged: take another backup")
    }
  }

  init(_ outcome: RecordMove.Outcome, database: FileDigest, madeAt: Instant) {
    installation = outcome.installation
    size = outcome.copy.size
    root = outcome.copy.root
    at = outcome.copy.at
    self.madeAt = madeAt
    files = ([database] + outcome.files).sorted { $0.path < $1.path }
    blobs = outcome.blobs.copied
  }

  private static func files(_ json: JSONObject) throws -> [FileDigest] {
    guard case .array(let entries)? = json["files"] else { throw JSONFault.wrongType("files") }
    return try entries.map { entry in
      guard case .object(let file) = entry else { throw JSONFault.wrongType("files") }
      let path = try file.text("path")
      // The manifest comes from outside: it names files of the backup and no others.
      guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else { throw JSONFault.wrongType("path") }
      return FileDigest(path: path, bytes: try file.integer("bytes"), sha256: try file.bytes(hex: "sha256"))
    }
  }
}

extension BackupManifest {
  /// Holds every file of a backup against its digest; throws with the first that is not what was backed up.
  func check(_ directory: String) throws {
    for file in files {
      guard FileManager.default.fileExists(atPath: "\(directory)/\(file.path)") else {
        throw Self.damaged(directory, "\(file.path) is missing")
      }
      guard try FileCopy.digest(of: file.path, in: directory) == file else {
        throw Self.damaged(directory, "\(file.path) is not what was backed up")
      }
    }
    let found = try checkBlobs(directory)
    guard found == blobs else {
      throw Self.damaged(directory, "it has \(found) blobs where there were \(blobs)")
    }
  }

  /// Each blob's name is its digest; returns how many there are.
  private func checkBlobs(_ directory: String) throws -> Int64 {
    var count: Int64 = 0
    let folder = directory + "/blobs"
    for case let path as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
      let parts = path.split(separator: "/")
      guard parts.count == 2 else { continue }
      guard Hex.encode(try FileCopy.digest(of: path, in: folder).sha256) == parts.joined() else {
        throw Self.damaged(directory, "blobs/\(path) is not what was backed up")
      }
      count += 1
    }
    return count
  }

  static func damaged(_ directory: String, _ what: String) -> CommandFailure {
    CommandFailure(
      .checkFailed, "the backup in \(directory) is damaged: \(what). Take another one; nothing was restored")
  }
}
