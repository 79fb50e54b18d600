import Dispatch
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// The nine providers on one loopback address.
public struct RangeServer: Sendable {
  private let options: RangeOptions
  private let onListening: @Sendable (Int) -> Void

  /// - Parameter onListening: told the port once connections are taken.
  public init(_ options: RangeOptions, onListening: @escaping @Sendable (Int) -> Void) {
    self.options = options
    self.onListening = onListening
  }

  /// Serves until the process is asked to stop.
  public func run() async throws {
    let stop = StopSignals()
    let engine = try RangeEngine(options)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let listener = try await listen(engine, group)
    onListening(listener.localAddress?.port ?? options.port)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      if options.isRealTime { tasks.addTask { try await engine.keepTime() } }
      tasks.addTask { [stream = stop.stream] in for await _ in stream { return } }
      // Whoever ends first ends the range: a signal, or a file that can't be written any more.
      defer { tasks.cancelAll() }
      try await tasks.next()
    }
    stop.cancel()
    try await listener.close()
    try await group.shutdownGracefully()
  }

  private func listen(_ engine: RangeEngine, _ group: MultiThreadedEventLoopGroup) async throws -> any Channel {
    do {
      return try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 1_024)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)
            try channel.pipeline.syncOperations.addHandlers(
              ByteToMessageHandler(decoder), RequestHandler(engine: engine))
          }
        }
        .bind(host: options.host, port: options.port).get()
    } catch let error as IOError {
      throw RangeFault.cannotListen("\(options.host):\(options.port)", reason: "\(error)")
    }
  }
}

extension RangeEngine {
  /// In real time: does what is due four times a second, and sends what waits.
  func keepTime() async throws {
    var ticks = 0
    while !Task.isCancelled {
      let isNew = shared.withLock { shared in
        let before = shared.state.unacknowledged
        keepUp(&shared)
        return shared.state.unacknowledged > before
      }
      // What was not taken is sent again every three seconds.
      if isNew || ticks % 12 == 0 { try await sendAnswers() }
      ticks += 1
      do { try await Task.sleep(for: .milliseconds(250)) } catch { return }
    }
  }
}

/// Tells of SIGTERM or SIGINT, which do not end the process by themselves from here on.
private struct StopSignals {
  let stream: AsyncStream<Void>
  private let sources: [any DispatchSourceSignal]

  init() {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    self.stream = stream
    sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield() }
      source.activate()
      return source
    }
  }

  func cancel() { for source in sources { source.cancel() } }
}
