/// How the slow and flaky provider takes a request; drawn from its first message and the attempt.
enum Flakiness {
  case none
  /// 503, and nothing was taken.
  case unavailable
  /// The connection is closed before anything was taken.
  case closed
  /// All is taken, and the connection is closed without a reply.
  case lost

  init(_ source: SeededSource, firstKey: String, attempt: Int) {
    switch source.draw("flaky", Array(firstKey.utf8), attempt).below(100, 0) {
    case 0..<15: self = .unavailable
    case 15..<25: self = .closed
    case 25..<35: self = .lost
    default: self = .none
    }
  }
}
