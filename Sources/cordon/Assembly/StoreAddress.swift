import Foundation
import PostgresEngine
import SQLiteEngine
import Storage

/// Where a record lies: the store of its journal and tables, and the directory of what stands beside them.
///
/// `sqlite:DIR` is a directory with everything in it. With `postgresql://…` journal and tables are in that
/// database, and `keys/`, `packs/` and `blobs/` in a directory of this machine.
struct StoreAddress: Sendable, Hashable {
  enum Place: Sendable, Hashable {
    case sqlite
    /// A directory with a finished backup, which is only read.
    case backup
    case postgres(PostgresURL)
  }

  let place: Place
  /// Holds `keys/`, `packs/` and `blobs/`, and with SQLite the database.
  let directory: String
  /// Whether somebody said where the directory is, or it is the one that a store's name leads to.
  private let isDirectoryNamed: Bool

  /// The record of a directory.
  init(directory: String) {
    let directory = Self.trimmed(directory)
    let isBackup = FileManager.default.fileExists(atPath: "\(directory)/\(BackupManifest.name)")
    self.init(isBackup ? .backup : .sqlite, directory, isDirectoryNamed: true)
  }

  /// A backup that has no manifest yet.
  init(sealed directory: String) { self.init(.backup, directory, isDirectoryNamed: true) }

  private init(_ place: Place, _ directory: String, isDirectoryNamed: Bool) {
    self.place = place
    self.directory = directory
    self.isDirectoryNamed = isDirectoryNamed
  }

  /// Reads an address; `directory` says where keys, packs and blobs are, if not where the store itself leads to.
  ///
  /// Throws a ``CommandFailure`` that shows what an address looks like.
  init(_ text: String, directory: String?) throws {
    if PostgresURL.schemes.contains(where: text.hasPrefix) {
      let url = try PostgresURL(text)
      self.init(
        .postgres(url), directory.map(Self.trimmed) ?? Self.defaultDirectory(of: url),
        isDirectoryNamed: directory != nil)
      return
    }
    let named = try Self.sqliteDirectory(text)
    if let directory, Self.resolved(directory) != Self.resolved(named) {
      throw CommandFailure(
        .usage, "the store \(Terminal.shown(text)) is a directory, and --data \(directory) is another: choose one")
    }
    self.init(directory: named)
  }

  private static func sqliteDirectory(_ text: String) throws -> String {
    let directory = text.hasPrefix("sqlite:") ? text.dropFirst("sqlite:".count) : ""
    // Two slashes would begin a host's name: three are an absolute path.
    guard !directory.isEmpty, !directory.hasPrefix("//") || directory.hasPrefix("///") else {
      throw CommandFailure(
        .usage, "a store is sqlite:DIR or postgresql://USER@HOST:PORT/DATABASE, not '\(redactedUnknown(text))'")
    }
    return String(directory.hasPrefix("///") ? directory.dropFirst(2) : directory)
  }

  /// What was no address may still hold a password, by a slip in the scheme's name.
  private static func redactedUnknown(_ text: String) -> String {
    Terminal.shown(text.contains("@") ? String(text.prefix { $0 != ":" }) + ":…" : text)
  }

  private static func defaultDirectory(of url: PostgresURL) -> String {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
    let state = environment["XDG_STATE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.local/state"
    return "\(state)/cordon/\(url.directoryName)"
  }

  private static func trimmed(_ directory: String) -> String {
    directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
  }

  private static func resolved(_ directory: String) -> String {
    URL(fileURLWithPath: directory).standardizedFileURL.resolvingSymlinksInPath().path
  }
}

extension StoreAddress: CustomStringConvertible {
  /// As people are shown it: a directory, or the URL without its password.
  var description: String {
    switch place {
    case .sqlite, .backup: directory
    case .postgres(let url): url.redacted
    }
  }

  /// As it is written on a command line, without its password.
  var options: String {
    switch place {
    case .sqlite, .backup: "--data \(directory)"
    case .postgres(let url): "--store '\(url.redacted)'" + (isDirectoryNamed ? " --data \(directory)" : "")
    }
  }

  /// Whether both are one store, as far as their names tell.
  func isSame(as other: StoreAddress) -> Bool {
    switch (place, other.place) {
    case (.sqlite, .sqlite), (.backup, .backup): Self.resolved(directory) == Self.resolved(other.directory)
    case (.postgres(let url), .postgres(let otherURL)): url.text == otherURL.text
    default: false
    }
  }
}

extension StoreAddress {
  /// As long as a server takes to start, or a standby to take over.
  private static let patience = Duration.seconds(20)

  /// Opens the store; the only place that knows which engines there are.
  func openEngine() throws -> any Engine {
    switch place {
    case .sqlite: try SQLiteFile(path: directory + "/cordon.db")
    case .backup: try SQLiteFile(path: directory + "/cordon.db", durability: .sealed)
    case .postgres(let url):
      try PostgresDatabase(url: url.text, patience: Self.patience) { reason in
        Terminal.tell("Waiting for the database: \(reason)")
      }
    }
  }

  /// Makes of a directory's database one file that is only read from now on.
  func seal() throws { try SQLiteFile.seal(path: directory + "/cordon.db") }

  /// Whether journal and tables lie in a database server.
  var isServer: Bool {
    if case .postgres = place { return true }
    return false
  }

  /// Whether there is surely nothing: told without opening, which would make the file.
  var isMissing: Bool {
    if case .postgres = place { return false }
    let size = try? FileManager.default.attributesOfItem(atPath: directory + "/cordon.db")[.size] as? Int
    return (size ?? 0) == 0
  }

  /// Throws where it is a backup, which no command writes to.
  func requireNoBackup() throws {
    guard case .backup = place else { return }
    throw CommandFailure(
      .configuration,
      "\(directory) is a backup, which stays as it is: `cordon restore --from \(directory) --data DIR` makes a record of it"
    )
  }

  /// What the store holds.
  func state() async throws -> RecordState {
    if isMissing { return .empty }
    let engine = try openEngine()
    defer { try? engine.close() }
    return try await RecordState.read(engine)
  }

  /// Makes the directory where there is none, and says so where nobody has named it.
  func makeDirectory() throws {
    let isNew = !FileManager.default.fileExists(atPath: directory)
    umask(0o077)
    do {
      try FolderFlush.create(directory)
    } catch let error as StorageError {
      throw error
    } catch {
      throw CommandFailure(.cannotCreate, "\(directory) can't be created: \(error.localizedDescription)")
    }
    if isNew, !isDirectoryNamed {
      Terminal.tell("Keys, packs and blobs of this store are in \(directory); --data DIR takes another directory.")
    }
  }
}
