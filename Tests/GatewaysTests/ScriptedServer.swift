import NIOCore
import NIOPosix
import Synchronization

/// A server on a loopback port of its own that answers each request with bytes of the test's choice.
final class ScriptedServer: Sendable {
  /// What happens after a request.
  enum Act: Sendable {
    case send([UInt8])
    /// Sends this text over and over.
    case sendForEver([UInt8])
    /// Sends one byte of this text every 20 ms.
    case drip([UInt8])
    case close

    static func reply(
      _ status: String, _ fields: String = "", body: String = "", close: Bool = false
    ) -> [Act] {
      let head = "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n"
      return [.send(Array((head + body).utf8))] + (close ? [.close] : [])
    }
  }

  struct Request: Sendable {
    let target: String
    /// Status line, fields and body as they came.
    let text: String
    /// Which of the server's connections it came over, from 1.
    let connection: Int
  }

  private struct State {
    var connections = 0
    var requests: [Request] = []
    var channel: (any Channel)?
  }

  private let state = Mutex(State())
  private let script: @Sendable (Request) -> [Act]
  let port: Int

  var connections: Int { state.withLock { $0.connections } }
  var requests: [Request] { state.withLock { $0.requests } }
  var origin: String { "http://127.0.0.1:\(port)" }

  init(host: String = "127.0.0.1", _ script: @escaping @Sendable (Request) -> [Act]) async throws {
    self.script = script
    let link = Link()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let server = link.server else { return }
          try channel.pipeline.syncOperations.addHandler(Session(server, server.opened()))
        }
      }
      .bind(host: host, port: 0).get()
    port = channel.localAddress?.port ?? 0
    state.withLock { $0.channel = channel }
    link.set(self)
  }

  func stop() async { try? await state.withLock { $0.channel }?.close().get() }

  private func opened() -> Int {
    state.withLock { state in
      state.connections += 1
      return state.connections
    }
  }

  private func answer(_ request: Request) -> [Act] {
    state.withLock { $0.requests.append(request) }
    return script(request)
  }

  /// Lets the channels, which are set up before the server is, find it.
  private final class Link: Sendable {
    private let held = Mutex<ScriptedServer?>(nil)
    var server: ScriptedServer? { held.withLock { $0 } }
    func set(_ server: ScriptedServer) { held.withLock { $0 = server } }
  }

  private final class Session: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: ScriptedServer
    private let number: Int
    private var received: [UInt8] = []
    private var isClosed = false

    init(_ server: ScriptedServer, _ number: Int) {
      self.server = server
      self.number = number
    }

    func channelInactive(context: ChannelHandlerContext) { isClosed = true }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      received += unwrapInboundIn(data).readableBytesView
      while let request = next() {
        for act in server.answer(request) { perform(act, context) }
      }
    }

    private func next() -> Request? {
      let text = String(decoding: received, as: UTF8.self)
      guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
      let head = text[..<end.upperBound]
      var length = 0
      if let field = head.firstRange(of: "Content-Length: ") {
        length = Int(head[field.upperBound...].prefix { $0.isNumber }) ?? 0
      }
      let whole = head.utf8.count + length
      guard received.count >= whole else { return nil }
      let request = String(decoding: received.prefix(whole), as: UTF8.self)
      received.removeFirst(whole)
      let target = head.split(separator: " ").dropFirst().first.map(String.init) ?? ""
      return Request(target: target, text: request, connection: number)
    }

    private func perform(_ act: Act, _ context: ChannelHandlerContext) {
      switch act {
      case .send(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
      case .close: context.close(promise: nil)
      case .sendForEver(let bytes):
        guard !isClosed else { return }
        let loop = context.eventLoop.assumeIsolated()
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes))).assumeIsolated().whenSuccess {
          loop.execute { self.perform(act, context) }
        }
      case .drip(let bytes):
        guard !isClosed, let first = bytes.first else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: [first])), promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(20)) {
          self.perform(.drip(Array(bytes.dropFirst())), context)
        }
      }
    }
  }
}
