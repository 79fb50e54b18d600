import CZlib

/// Decodes gzip and deflate piece by piece, and stops where the budget ends.
final class Inflater {
  enum Fault: Error {
    /// Not what the header field said.
    case malformed
  }

  private static let pieceBytes = 65_536
  // 15: the largest window; + 32: gzip or zlib, whichever the first bytes are.
  private static let eitherHeader: Int32 = 15 + 32
  private static let noHeader: Int32 = -15

  private let stream: UnsafeMutablePointer<z_stream>
  private var isStarted: Bool
  private var isFresh = true
  private let mayBeRaw: Bool
  private(set) var isFinished = false

  /// `mayBeRaw`: "deflate" is sent without its header by some servers (RFC 9110, 8.4.1.2).
  init(mayBeRaw: Bool) {
    self.mayBeRaw = mayBeRaw
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    isStarted = Self.start(stream, Self.eitherHeader)
  }

  deinit {
    if isStarted { inflateEnd(stream) }
    stream.deallocate()
  }

  private static func start(_ stream: UnsafeMutablePointer<z_stream>, _ window: Int32) -> Bool {
    inflateInit2_(stream, window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  /// Hands on what the bytes decode to, in pieces; `take` answers whether it wants more.
  func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ take: (UnsafeBufferPointer<UInt8>) -> Bool) throws(Fault) {
    guard isStarted else { throw .malformed }
    // What follows the end of the stream is no part of the page.
    guard !isFinished, !bytes.isEmpty, let start = bytes.baseAddress else { return }
    let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Self.pieceBytes)
    defer { piece.deallocate() }
    // zlib takes the input as mutable and does not change it.
    stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
    stream.pointee.avail_in = UInt32(bytes.count)
    while true {
      stream.pointee.next_out = piece.baseAddress
      stream.pointee.avail_out = UInt32(piece.count)
      let code = inflate(stream, Z_NO_FLUSH)
      if code == Z_DATA_ERROR, isFresh, mayBeRaw {
        inflateEnd(stream)
        stream.initialize(to: z_stream())
        (isStarted, isFresh) = (Self.start(stream, Self.noHeader), false)
        return try feed(bytes, take)
      }
      guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else { throw .malformed }
      isFresh = false
      let count = piece.count - Int(stream.pointee.avail_out)
      if count > 0, !take(UnsafeBufferPointer(rebasing: piece[..<count])) { return }
      if code == Z_STREAM_END {
        isFinished = true
        return
      }
      // Room was left: all of the input is used.
      if stream.pointee.avail_out > 0 { return }
    }
  }
}
