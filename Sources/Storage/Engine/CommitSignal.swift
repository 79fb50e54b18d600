import Synchronization

/// Tells whoever wants to know that something was committed.
public final class CommitSignal: Sendable {
  private struct State {
    var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    var number = 0
    var isClosed = false
  }

  private let state = Mutex(State())

  public init() {}

  /// Yields after each ``tell()``; those that come while nobody takes one count as one.
  public func stream() -> AsyncStream<Void> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let isClosed = state.withLock { state in
        state.number += 1
        let number = state.number
        if !state.isClosed { state.listeners[number] = continuation }
        continuation.onTermination = { [weak self] _ in
          self?.state.withLock { $0.listeners[number] = nil }
        }
        return state.isClosed
      }
      if isClosed { continuation.finish() }
    }
  }

  public func tell() {
    let listeners = state.withLock { Array($0.listeners.values) }
    for listener in listeners { listener.yield() }
  }

  /// Ends every stream.
  public func close() {
    let listeners = state.withLock { state in
      state.isClosed = true
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }
}
