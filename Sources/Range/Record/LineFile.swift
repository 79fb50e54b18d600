import Glibc

/// A file of lines that only grows; what was appended survives the end of the process, however it comes.
final class LineFile: Sendable {
  let path: String
  private let descriptor: Int32

  /// Opens or makes the file, and cuts off a last line that was not written to its end.
  ///
  /// - Parameter isOwn: nobody else may have it open as their own; one who is just ending is waited for.
  init(path: String, isOwn: Bool = false) throws(RangeFault) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .file(path, errno) }
    if isOwn, !lock() { throw .inUse(String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex))) }
    try cutTornLine()
  }

  /// Waits up to ten seconds; the lock goes with the process, however it ends.
  private func lock() -> Bool {
    for _ in 0..<200 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      usleep(50_000)
    }
    return false
  }

  /// Lets somebody else have the file as their own.
  func release() { flock(descriptor, LOCK_UN) }

  deinit { close(descriptor) }

  func append(_ lines: [UInt8]) throws(RangeFault) {
    var written = 0
    while written < lines.count {
      let count = lines[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { throw .file(path, errno) }
      written += max(0, count)
    }
  }

  /// Calls `body` with each line, a megabyte of the file at a time.
  func forEachLine(_ body: ([UInt8]) throws(RangeFault) -> Void) throws(RangeFault) {
    var offset: off_t = 0
    var rest: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = chunk.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, offset) }
      guard count >= 0 else { throw .file(path, errno) }
      guard count > 0 else { return }
      offset += off_t(count)
      rest += chunk[..<count]
      var start = 0
      while let end = rest[start...].firstIndex(of: 0x0A) {
        try body(Array(rest[start..<end]))
        start = end + 1
      }
      rest.removeFirst(start)
    }
  }

  private func cutTornLine() throws(RangeFault) {
    var end = lseek(descriptor, 0, SEEK_END)
    var byte: UInt8 = 0
    while end > 0 {
      guard pread(descriptor, &byte, 1, end - 1) == 1 else { throw .file(path, errno) }
      if byte == 0x0A { break }
      end -= 1
    }
    guard ftruncate(descriptor, end) == 0 else { throw .file(path, errno) }
  }
}
