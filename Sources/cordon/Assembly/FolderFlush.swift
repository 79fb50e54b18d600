import Foundation
import Storage

/// Folders whose names outlive a power cut.
///
/// The name of a new file, or of a new folder, is durable only once the folder that it stands in has been flushed.
enum FolderFlush {
  /// Makes a folder and those above it that are missing, for their owner alone, each flushed in its parent.
  static func create(_ folder: String) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) {
      guard isFolder.boolValue else { throw CocoaError(.fileWriteFileExists) }
      return
    }
    let parent = parent(of: folder)
    try create(parent)
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try flush(parent)
  }

  /// Makes the names in a folder durable.
  static func flush(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw StorageError.unavailable("\(folder) can't be flushed")
    }
  }

  /// The folder in which a folder stands.
  static func parent(of folder: String) -> String {
    let parent = (folder as NSString).deletingLastPathComponent
    return parent.isEmpty ? "." : parent
  }
}
