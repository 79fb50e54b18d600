import NIOCore
import NIOHTTP1

/// Answers the requests of one connection, one after the other.
final class RequestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = ByteBuffer

  /// No body that is sent here comes near this.
  private static let longestBody = 16 << 20

  private let engine: RangeEngine
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var isTooLong = false
  /// A call that is waited for; what comes meanwhile is kept.
  private var isBusy = false
  private var kept: [HTTPServerRequestPart] = []

  init(engine: RangeEngine) { self.engine = engine }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if isBusy { kept.append(part) } else { take(part, context) }
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    switch part {
    case .head(let head):
      self.head = head
      if head.method != .GET, head.headers.contains(name: "expect") {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
      }
    case .body(let bytes):
      isTooLong = isTooLong || body.count + bytes.readableBytes > Self.longestBody
      if !isTooLong { body.append(contentsOf: bytes.readableBytesView) }
    case .end:
      guard let head else { return }
      let body = body
      let isTooLong = isTooLong
      (self.head, self.body, self.isTooLong) = (nil, [], false)
      if isTooLong {
        send(.problem(413, "The body is too long."), head, context)
      } else {
        answer(head, body, context)
      }
    }
  }

  private func answer(_ head: HTTPRequestHead, _ body: [UInt8], _ context: ChannelHandlerContext) {
    if head.uri.hasPrefix("/_") { return steer(head, body, context) }
    let host = HostNames.plain(head.headers.first(name: "host") ?? "")
    switch head.method {
    case .GET, .HEAD:
      var buffer = context.channel.allocator.buffer(capacity: 0)
      let writer = PageWriter(isKeptAlive: head.isKeepAlive, hasBody: head.method == .GET)
      engine.page(host: host, path: head.uri, writer, into: &buffer)
      write(buffer, isKeptAlive: head.isKeepAlive, context)
    case .POST:
      guard let provider = engine.hosts.provider(of: host) else {
        return send(.problem(421, "Nobody here has this name."), head, context)
      }
      guard head.uri == engine.hosts.intakes[provider]?.path else {
        return send(.problem(404, "Nothing is taken here."), head, context)
      }
      var headers: [String: String] = [:]
      for (name, value) in head.headers { headers[name.lowercased()] = value }
      let request = ProviderRequest(provider: provider, body: body, headers: headers)
      do { send(try engine.deliver(request), head, context) } catch {
        send(.problem(503, error.description), head, context)
      }
    default: send(.problem(405, "Pages are only read."), head, context)
    }
  }

  private func steer(_ head: HTTPRequestHead, _ body: [UInt8], _ context: ChannelHandlerContext) {
    guard engine.controlToken != nil else { return send(.problem(404, "Nothing is here."), head, context) }
    guard engine.isController(head.headers.first(name: "authorization")) else {
      return send(.problem(401, "The control token is missing or wrong."), head, context)
    }
    let parts = head.uri.split(separator: "?", maxSplits: 1)
    let path = parts.first.map(String.init) ?? ""
    guard path == "/_clock", head.method == .POST else {
      let query = parts.count > 1 ? String(parts[1]) : ""
      return send(
        engine.control(method: head.method.rawValue, path: path, query: query, body: body), head, context)
    }
    isBusy = true
    let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    Task { [engine] in
      let response: Response
      do { response = try await engine.moveClock(body) } catch { response = .problem(503, "\(error)") }
      bound.eventLoop.execute {
        let (handler, context) = bound.value
        guard context.channel.isActive else { return }
        handler.finish(response, head, context)
      }
    }
  }

  /// Answers the call that was waited for, and then what came meanwhile.
  private func finish(_ response: Response, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    send(response, head, context)
    isBusy = false
    let parts = kept
    kept = []
    for part in parts { if isBusy { kept.append(part) } else { take(part, context) } }
    context.flush()
  }

  private func send(_ response: Response, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    switch response {
    case .closed: context.close(promise: nil)
    case .sent(let status, let type, let headers, let body):
      var buffer = context.channel.allocator.buffer(capacity: body.count + 256)
      buffer.writeHead(
        status: status, type: type, headers: headers, length: body.count, isKeptAlive: head.isKeepAlive)
      if head.method != .HEAD { buffer.writeBytes(body) }
      write(buffer, isKeptAlive: head.isKeepAlive, context)
    }
  }

  private func write(_ buffer: ByteBuffer, isKeptAlive: Bool, _ context: ChannelHandlerContext) {
    guard isKeptAlive else {
      let closing = context.eventLoop.makePromise(of: Void.self)
      let channel = context.channel
      closing.futureResult.whenComplete { _ in channel.close(promise: nil) }
      return context.writeAndFlush(wrapOutboundOut(buffer), promise: closing)
    }
    context.write(wrapOutboundOut(buffer), promise: nil)
  }
}
