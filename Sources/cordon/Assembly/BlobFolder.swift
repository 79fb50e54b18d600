import Crypto
import Domain
import Foundation
import Storage

/// Content-addressed files below `blobs/`: `ab/cdef…`, written aside, flushed, then named.
struct BlobFolder: BlobStore {
  private let directory: String

  init(directory: String) { self.directory = directory }

  func keep(_ bytes: [UInt8]) throws -> [UInt8] {
    let digest = Array(SHA256.hash(data: bytes))
    try write(bytes, under: digest)
    return digest
  }

  /// Keeps what was found under a digest elsewhere; false where it is here already.
  func keep(_ bytes: [UInt8], under digest: [UInt8]) throws -> Bool { try write(bytes, under: digest) }

  @discardableResult
  private func write(_ bytes: [UInt8], under digest: [UInt8]) throws -> Bool {
    let path = path(of: digest)
    guard !FileManager.default.fileExists(atPath: path) else { return false }
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    do {
      try FolderFlush.create(folder)
      let aside = "\(folder)/.\(UUID().uuidString)"
      try write(bytes, to: aside)
      guard rename(aside, path) == 0 else { throw StorageError.unavailable("\(path) can't be named") }
      // The name itself must outlive a power cut: an event that names the digest is committed right after.
      // So must that of its folder, which another look, or a killed process, may have made a moment ago.
      for named in [folder, directory] { try FolderFlush.flush(named) }
    } catch let error as StorageError {
      throw error
    } catch {
      throw StorageError.unavailable("\(directory) can't be written: \(error.localizedDescription)")
    }
    return true
  }

  func bytes(of digest: [UInt8]) throws -> [UInt8]? {
    FileManager.default.contents(atPath: path(of: digest)).map { Array($0) }
  }

  private func path(of digest: [UInt8]) -> String {
    let name = Hex.encode(digest)
    return "\(directory)/\(name.prefix(2))/\(name.dropFirst(2))"
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw StorageError.unavailable("\(path) can't be created") }
    defer { close(file) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress?.advanced(by: done), $0.count - done) }
      if count < 0, errno == EINTR { continue }
      // A quota or a limit of file sizes is a full disk by another name.
      guard count > 0 else {
        throw [ENOSPC, EDQUOT, EFBIG].contains(errno) ? StorageError.full : .unavailable("\(path) can't be written")
      }
      done += count
    }
    guard fsync(file) == 0 else { throw StorageError.unavailable("\(path) can't be flushed") }
  }
}
