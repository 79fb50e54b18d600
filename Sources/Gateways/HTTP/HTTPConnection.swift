import Domain
import NIOCore
import NIOHTTP1
import NIOSSL

/// One connection, with one exchange on it at a time.
///
/// Confined to its event loop.
final class HTTPConnection: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let meter: WireMeter
  private var context: ChannelHandlerContext?
  private var exchange: (any HTTPExchange)?
  private(set) var served = 0
  private var keepsAlive = true
  private(set) var isOpen = true

  init(meter: WireMeter) { self.meter = meter }

  /// Whether another exchange may be sent.
  var isReusable: Bool { isOpen && keepsAlive && exchange == nil }

  func send(_ head: HTTPRequestHead, body: ByteBuffer? = nil, for exchange: any HTTPExchange) {
    guard let context, isOpen else { return exchange.failed(.connection, isStale: served > 0) }
    self.exchange = exchange
    meter.begin(headLimit: exchange.headLimit, wireLimit: exchange.wireLimit)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if let body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  /// Closes it; whoever waited is not told.
  func abandon() {
    exchange = nil
    isOpen = false
    context?.close(promise: nil)
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let exchange else {
      // Bytes that nobody asked for: whatever comes next can't be trusted to be an answer.
      return abandon()
    }
    switch unwrapInboundIn(data) {
    case .head(let head):
      meter.isHeadRead = true
      keepsAlive = head.isKeepAlive && head.status.code != 101
      exchange.received(head)
    case .body(let bytes):
      exchange.received(bytes)
    case .end:
      self.exchange = nil
      served += 1
      exchange.completed(self)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A peer that ends TLS without saying so: whether the reply was whole, its length has told or will tell.
    if let error = error as? NIOSSLError, case .uncleanShutdown = error { return }
    fail(Self.basis(of: error))
  }

  func channelInactive(context: ChannelHandlerContext) {
    isOpen = false
    fail(meter.count == 0 ? .connection : .protocolError)
  }

  private func fail(_ basis: VerdictBasis) {
    let waiting = exchange
    let isStale = served > 0 && meter.count == 0
    abandon()
    waiting?.failed(basis, isStale: isStale)
  }

  static func basis(of error: any Error) -> VerdictBasis {
    switch error {
    case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: .tls
    case is WireMeter.TooMuch: .budget
    case is HTTPParserError, is WireMeter.HeadTooLong: .protocolError
    default: .connection
    }
  }
}

/// Counts what a reply takes on the wire, before anything reads it.
final class WireMeter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  struct HeadTooLong: Error {}
  struct TooMuch: Error {}

  private(set) var count = 0
  var isHeadRead = false
  private var headLimit = 0
  private var wireLimit = 0
  private var hasFailed = false

  func begin(headLimit: Int, wireLimit: Int) {
    (count, isHeadRead) = (0, false)
    (self.headLimit, self.wireLimit) = (headLimit, wireLimit)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !hasFailed else { return }
    let length = unwrapInboundIn(data).readableBytes
    let isFirst = count == 0
    count += length
    if count <= wireLimit { context.fireChannelRead(data) }
    if count > wireLimit, isHeadRead || isFirst {
      hasFailed = true
      context.fireErrorCaught(TooMuch())
    } else if !isHeadRead, count > headLimit {
      hasFailed = true
      context.fireErrorCaught(HeadTooLong())
    }
  }
}
