public import Domain

/// Does what is due and says when more will be; owns no timer.
///
/// `serve` calls it on the machine's clock, an exercise on its virtual one.
public protocol Worker: Sendable {
  var name: String { get }

  /// Does what is due at this instant, or a bounded part of it, or begins it where it has lanes of its own.
  ///
  /// Returns when to call again: `instant` itself where more is due already, nil where nothing is in sight.
  func runDue(at instant: Instant) async throws -> Instant?

  /// Yields when something that was begun is over, so that there may be more to begin.
  func endings() -> AsyncStream<Void>?

  /// Asks what is under way to end, and returns once it has.
  func stop() async
}

extension Worker {
  public func endings() -> AsyncStream<Void>? { nil }
  public func stop() async {}
}
