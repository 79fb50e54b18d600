import Crypto
import Domain
import Foundation

/// A file that belongs to a record, with what it holds.
struct FileDigest: Sendable, Hashable {
  /// Below the record's directory.
  let path: String
  let bytes: Int64
  let sha256: [UInt8]
}

/// Reads and copies files piece by piece, with their SHA-256.
enum FileCopy {
  private static let piece = 1 << 20

  /// The size and digest of a file.
  static func digest(of path: String, in directory: String) throws -> FileDigest {
    try walk(path, in: directory) { _ in }
  }

  /// Copies a file below one directory to a path below another; it is on disk, and only its owner can read it.
  ///
  /// Written aside and named at the end: a kill leaves the whole file or none of this name.
  @discardableResult
  static func copy(_ path: String, in source: String, to name: String, in target: String) throws -> FileDigest {
    let place = "\(target)/\(name)"
    let aside = place + ".part"
    try makeFolder(of: place)
    let file = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw CommandFailure(.cannotCreate, "\(place) can't be written: \(reason)") }
    defer { close(file) }
    let copied = try walk(path, in: source) { try write($0, to: file, place) }
    guard fsync(file) == 0, rename(aside, place) == 0 else { throw failure(place) }
    try flush(folder(of: place))
    return copied
  }

  static func makeFolder(of path: String) throws {
    let folder = folder(of: path)
    do { try FolderFlush.create(folder) } catch {
      throw CommandFailure(.cannotCreate, "\(folder) can't be created: \(error.localizedDescription)")
    }
  }

  private static func folder(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  /// The names in a directory must outlive a power cut as the files do.
  static func flush(_ directory: String) throws {
    do { try FolderFlush.flush(directory) } catch { throw failure(directory) }
  }

  private static func walk(_ path: String, in directory: String, _ body: ([UInt8]) throws -> Void) throws -> FileDigest
  {
    let place = "\(directory)/\(path)"
    let file = open(place, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw CommandFailure(.noInput, "\(place) can't be read: \(reason)") }
    defer { close(file) }
    var hasher = SHA256()
    var size: Int64 = 0
    while true {
      let bytes = try [UInt8](unsafeUninitializedCapacity: piece) { buffer, filled in
        var count: Int
        repeat { count = read(file, buffer.baseAddress, piece) } while count < 0 && errno == EINTR
        guard count >= 0 else { throw CommandFailure(.inputOutput, "\(place) can't be read: \(reason)") }
        filled = count
      }
      if bytes.isEmpty { break }
      hasher.update(data: bytes)
      size += Int64(bytes.count)
      try body(bytes)
    }
    return FileDigest(path: path, bytes: size, sha256: Array(hasher.finalize()))
  }

  private static func write(_ bytes: [UInt8], to file: Int32, _ place: String) throws {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress?.advanced(by: done), $0.count - done) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(place) }
      done += count
    }
  }

  private static var reason: String { String(cString: strerror(errno)) }

  private static func failure(_ place: String) -> CommandFailure {
    CommandFailure(.inputOutput, "\(place) can't be written: \(reason). Make room and run the command again")
  }
}
