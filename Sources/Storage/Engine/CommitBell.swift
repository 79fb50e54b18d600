import Synchronization

/// Wakes everybody who listens; a ring that nobody has taken yet stands for all that follow it.
public final class CommitBell: Sendable {
  private let listeners = Mutex<[Int: AsyncStream<Void>.Continuation]>([:])
  private let numbers = Atomic<Int>(0)

  public init() {}

  public func ring() {
    for listener in listeners.withLock({ Array($0.values) }) { listener.yield() }
  }

  /// A stream for one listener.
  public func listen() -> AsyncStream<Void> {
    let number = numbers.add(1, ordering: .relaxed).newValue
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    continuation.onTermination = { [weak self] _ in self?.listeners.withLock { $0[number] = nil } }
    listeners.withLock { $0[number] = continuation }
    return stream
  }

  /// Ends every stream.
  public func silence() {
    let ended = listeners.withLock { listeners in
      defer { listeners = [:] }
      return Array(listeners.values)
    }
    for listener in ended { listener.finish() }
  }
}
