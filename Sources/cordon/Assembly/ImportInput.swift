import Casework
import Crypto
import Domain
import Foundation

/// The bytes of an import, read twice: once for the digest by which it is found again, once for good.
///
/// Standard input is first written to a nameless file in the data directory, because it can't be read twice.
final class ImportInput {
  private let descriptor: Int32
  let size: Int64

  init(path: String, spoolingIn directory: String) throws {
    descriptor = path == "-" ? try Self.spool(in: directory) : Foundation.open(path, O_RDONLY)
    guard descriptor >= 0 else {
      throw CommandFailure(.noInput, "\(path) can't be opened: \(String(cString: strerror(errno)))")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      throw CommandFailure(.noInput, "\(path) is a directory: name a file, or - for standard input")
    }
    size = Int64(status.st_size)
  }

  deinit { close(descriptor) }

  private static func spool(in directory: String) throws -> Int32 {
    let path = "\(directory)/spool.\(getpid())"
    let spool = Foundation.open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    guard spool >= 0 else { throw CommandFailure(.cannotCreate, "\(path) can't be created to hold standard input") }
    unlink(path)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = Foundation.read(STDIN_FILENO, &buffer, buffer.count), count != 0 {
      guard count > 0 else {
        if errno == EINTR { continue }
        throw CommandFailure(.inputOutput, "standard input can't be read: \(String(cString: strerror(errno)))")
      }
      var written = 0
      while written < count {
        let wrote = buffer[written..<count].withUnsafeBytes { Foundation.write(spool, $0.baseAddress, $0.count) }
        guard wrote > 0 else { throw CommandFailure(.inputOutput, "standard input does not fit into \(directory)") }
        written += wrote
      }
    }
    return spool
  }

  func firstBytes(_ count: Int) throws -> [UInt8] {
    try rewind()
    var bytes: [UInt8] = []
    while bytes.count < count, let more = try read(count - bytes.count) { bytes += more }
    return bytes
  }

  func digest() throws -> [UInt8] {
    try rewind()
    var hasher = SHA256()
    while let bytes = try read(1 << 20) { hasher.update(data: bytes) }
    return Array(hasher.finalize())
  }

  func rewind() throws { lseek(descriptor, 0, SEEK_SET) }

  /// Up to `count` bytes; nil at the end.
  func read(_ count: Int) throws -> [UInt8]? {
    let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var got: Int
      repeat { got = Foundation.read(descriptor, buffer.baseAddress, count) } while got < 0 && errno == EINTR
      guard got >= 0 else {
        throw CommandFailure(.inputOutput, "the input can't be read: \(String(cString: strerror(errno)))")
      }
      filled = got
    }
    return bytes.isEmpty ? nil : bytes
  }
}

/// Held while a file is imported, so that no two processes put the same one on record at once.
struct ImportLock {
  private let descriptor: Int32

  /// Throws where another process holds it; different files do not wait for each other.
  init(directory: String, digest: [UInt8]) throws {
    let path = directory + "/import.lock"
    descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CommandFailure(.cannotCreate, "\(path) can't be created") }
    // One byte of the file for each input: its place is the beginning of the digest.
    let place = digest.prefix(7).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    var range = flock()
    range.l_type = Int16(F_WRLCK)
    range.l_whence = Int16(SEEK_SET)
    range.l_start = off_t(place)
    range.l_len = 1
    guard fcntl(descriptor, F_SETLK, &range) == 0 else {
      close(descriptor)
      throw ImportFault.overtaken
    }
  }

  func release() { close(descriptor) }
}

/// The real side of an import's files: input, rejects as JSON Lines, a progress line.
struct ImportFileSet: ImportFiles {
  // Some thousand lines: what one body of an import records.
  private static let chunk = 49_152
  // A reject's text is for a person to recognise, not a second copy of a ten-megabyte line.
  private static let mostRejectBytes = 2_048

  private let input: ImportInput
  private let rejectsPath: String
  private let isNamed: Bool
  private var rejects: FileHandle?
  private var pending: [UInt8] = []
  private var line: ProgressLine
  private var bytesRead: Int64 = 0

  init(input: ImportInput, rejectsPath: String?, defaultRejectsPath: String) {
    self.input = input
    self.rejectsPath = rejectsPath ?? defaultRejectsPath
    isNamed = rejectsPath != nil
    line = ProgressLine("lines", total: input.size)
  }

  /// Nil where nothing was rejected.
  var writtenRejectsPath: String? { rejects == nil ? nil : rejectsPath }

  mutating func next() throws -> [UInt8]? {
    let bytes = try input.read(Self.chunk)
    bytesRead += Int64(bytes?.count ?? 0)
    return bytes
  }

  mutating func progress(lines: Int64) { line.show(done: bytesRead, count: lines) }

  mutating func reject(line: Int64, text: [UInt8], _ rejection: Rejection) throws {
    var json = JSONWriter()
    json.object { json in
      json.key("code")
      json.string(rejection.code.rawValue)
      json.key("line")
      json.integer(line)
      json.key("reason")
      json.string(rejection.reason)
      json.key("text")
      json.string(String(decoding: text.prefix(Self.mostRejectBytes), as: UTF8.self))
    }
    pending += json.bytes
    pending.append(0x0A)
    if rejects == nil { rejects = try openRejects() }
    if pending.count > 1 << 16 { try flush() }
  }

  mutating func close() throws {
    line.clear()
    try flush()
    try rejects?.close()
    // A file that an earlier attempt left would speak of rejects that are none any more.
    if rejects == nil, !isNamed { try? FileManager.default.removeItem(atPath: rejectsPath) }
  }

  private mutating func flush() throws {
    guard !pending.isEmpty else { return }
    do { try rejects?.write(contentsOf: pending) } catch {
      throw CommandFailure(
        .inputOutput, "\(rejectsPath) can't be written: is the disk full? Run the import again afterwards")
    }
    pending.removeAll(keepingCapacity: true)
  }

  private func openRejects() throws -> FileHandle {
    guard FileManager.default.createFile(atPath: rejectsPath, contents: nil),
      let handle = FileHandle(forWritingAtPath: rejectsPath)
    else {
      throw CommandFailure(
        .cannotCreate, "rejects can't be written to \(rejectsPath): name another place with --rejects FILE")
    }
    return handle
  }
}
