import CPQ
import Dispatch
import Glibc
import Storage
import Synchronization

/// Tells of commits of any process, by a connection that only listens; there is none before somebody wants to know.
final class PostgresSignal: Sendable {
  private struct State {
    var isListening = false
    var isClosed = false
  }

  // How long a closed signal goes on listening, at most.
  private static let pollMilliseconds: Int32 = 500
  private static let pauseAfterFailure: UInt32 = 1

  private let settings: PostgresSettings
  private let state = Mutex(State())
  private let bell = CommitBell()
  private let queue = DispatchQueue(label: "cordon.postgres.signal")

  init(_ settings: PostgresSettings) { self.settings = settings }

  static func channel(of schema: String) -> String { "cordon_\(schema)" }

  /// Yields after commits; those that come while nobody takes one count as one.
  func stream() -> AsyncStream<Void> {
    let mustStart = state.withLock { state in
      defer { state.isListening = true }
      return !state.isListening
    }
    if mustStart { queue.async { self.listen() } }
    return bell.listen()
  }

  /// Whether the server has sent something that was not read.
  static func hasInput(_ handle: OpaquePointer, waitingMilliseconds: Int32) -> Bool {
    var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, waitingMilliseconds) > 0
  }

  func close() {
    state.withLock { $0.isClosed = true }
    bell.silence()
  }

  private var isClosed: Bool { state.withLock { $0.isClosed } }

  private func listen() {
    while !isClosed {
      do { try listenOnce() } catch { sleep(Self.pauseAfterFailure) }
    }
  }

  private func listenOnce() throws {
    let link = try PostgresLink(settings)
    let channel = Self.channel(of: link.schema).split(separator: "\"", omittingEmptySubsequences: false)
    try PostgresResult(PQexec(link.handle, "LISTEN \"\(channel.joined(separator: "\"\""))\"")).requireSuccess(
      on: link.handle)
    // Whatever was committed before we listened.
    bell.ring()
    while !isClosed, !link.isLost {
      guard Self.hasInput(link.handle, waitingMilliseconds: Self.pollMilliseconds) else { continue }
      guard PQconsumeInput(link.handle) == 1 else { return }
      var isTold = false
      while let notification = PQnotifies(link.handle) {
        PQfreemem(notification)
        isTold = true
      }
      if isTold { bell.ring() }
    }
  }
}
