import Foundation
import SQLiteEngine
import Storage
import Testing

/// An engine that the conformance suite is run on; a second one is put under it by adding it to ``all``.
struct EngineFactory: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Opens the database of a name within a directory, as often as it is called.
  let open: @Sendable (_ directory: String, _ name: String) throws -> any Engine

  static let sqlite = EngineFactory(testDescription: "SQLite") { directory, name in
    try SQLiteFile(path: "\(directory)/\(name).db")
  }

  static let all = [sqlite]
}

/// A directory for one test's databases; it goes with the last who holds it.
final class TestDirectory: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/cordon-storage-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func bytes(of name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")) }
}
