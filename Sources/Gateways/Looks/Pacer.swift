package import NIOCore

/// One provider's politeness: at most so many requests a second, however many connections there are.
package final class Pacer {
  private let interval: TimeAmount
  private var nextAt = NIODeadline.uptimeNanoseconds(0)

  package init(requestsPerSecond: Double) { interval = .nanoseconds(Int64(1e9 / max(requestsPerSecond, 1e-6))) }

  /// The instant at which the next request may be made, which is the caller's from now on.
  package func reserve(_ now: NIODeadline) -> NIODeadline {
    let at = max(now, nextAt)
    nextAt = at + interval
    return at
  }
}
