import Synchronization

/// A write that is in the lane, and its result once the commit is on disk.
public final class PendingWrite<T: Sendable>: Sendable {
  private enum State {
    case waiting(CheckedContinuation<T, any Error>?)
    case done(Result<T, any Error>)
  }

  private let state = Mutex(State.waiting(nil))

  init() {}

  /// Waits for the commit; to be called once.
  public func value() async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      let result: Result<T, any Error>? = state.withLock { state in
        switch state {
        case .done(let result): return result
        case .waiting:
          state = .waiting(continuation)
          return nil
        }
      }
      if let result { continuation.resume(with: result) }
    }
  }

  func resolve(_ result: Result<T, any Error>) {
    let waiting: CheckedContinuation<T, any Error>? = state.withLock { state in
      guard case .waiting(let continuation) = state else { return nil }
      state = .done(result)
      return continuation
    }
    waiting?.resume(with: result)
  }
}
