import Domain
import Glibc

/// What the program says: results on standard output, everything else on standard error.
enum Terminal {
  /// Whether a person watches standard error.
  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  static func tell(_ line: String) { write(Array((line + "\n").utf8), to: STDERR_FILENO) }

  static func print(_ line: String) { write(Array((line + "\n").utf8), to: STDOUT_FILENO) }

  /// Writes everything; a reader that went away ends the program quietly, as `head` expects.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        written += count
      } else if errno != EINTR {
        if errno == EPIPE { exit(0) }
        return
      }
    }
  }

  /// Text from outside as it may be shown: control characters, which could repaint a terminal, are made visible.
  static func shown(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.properties.generalCategory == .control || scalar.properties.isBidiControl ? "\u{FFFD}" : scalar
        }))
  }
}

/// A line that tells how far a long work is; silent where nobody watches.
struct ProgressLine {
  private let what: String
  private let total: Int64?
  private var lastShown: Int64 = 0
  private let startedAt = SystemClock().now()
  private let isShown: Bool

  init(_ what: String, total: Int64?, isShown: Bool = Terminal.isInteractive) {
    self.what = what
    self.total = total
    self.isShown = isShown
  }

  /// `done` is measured against the total; `count` is what the line tells.
  mutating func show(done: Int64, count: Int64) {
    guard isShown else { return }
    let now = SystemClock().now().microseconds
    guard now - lastShown > 200_000 else { return }
    lastShown = now
    let seconds = max(1, (now - startedAt.microseconds) / 1_000_000)
    var line = "\r\(what): \(count)"
    if let total, total > 0 {
      let share = min(100, done * 100 / total)
      let bar = String(repeating: "#", count: Int(share / 4)) + String(repeating: ".", count: 25 - Int(share / 4))
      let left = done > 0 ? max(0, (total - done) * seconds / done) : 0
      line = "\r[\(bar)] \(share) % \(what): \(count), \(left) s left"
    }
    Terminal.write(Array((line + " (\(count / seconds)/s)\u{1B}[K").utf8), to: STDERR_FILENO)
  }

  func clear() {
    if isShown, lastShown > 0 { Terminal.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO) }
  }
}
