import Domain
import NIOCore
import NIOSSL

/// One connection, with one exchange on it at a time.
///
/// Confined to its event loop. It reads responses itself: decision 0013 has the measurements.
final class HTTPConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var context: ChannelHandlerContext?
  private var exchange: (any HTTPExchange)?
  private var reader = ResponseReader(headLimit: 0)
  /// Bytes of the present response.
  private var count = 0
  private var wireLimit = 0
  private var keepsAlive = true
  /// Responses so far.
  private(set) var served = 0
  private(set) var isOpen = true

  /// Whether another exchange may be sent.
  var isReusable: Bool { isOpen && keepsAlive && exchange == nil }

  /// Sends a whole request, and reads the response for `exchange`.
  func send(_ request: ByteBuffer, for exchange: any HTTPExchange) {
    guard let context, isOpen else { return exchange.failed(.connection, isStale: served > 0) }
    self.exchange = exchange
    reader = ResponseReader(headLimit: exchange.headLimit)
    count = 0
    wireLimit = exchange.wireLimit
    context.writeAndFlush(wrapOutboundOut(request), promise: nil)
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
    let buffer = unwrapInboundIn(data)
    count += buffer.readableBytes
    guard count <= wireLimit else { return fail(.budget) }
    do throws(ResponseFault) {
      let outcome = try buffer.withUnsafeReadableBytes { (raw) throws(ResponseFault) in
        try reader.feed(raw.bindMemory(to: UInt8.self), exchange)
      }
      if case .complete(let isExact) = outcome { complete(isExact: isExact) }
    } catch {
      fail(error.basis)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A peer that ends TLS without saying so: whether the response was whole, its length has told or will tell.
    if let error = error as? NIOSSLError, case .uncleanShutdown = error { return }
    fail(Self.basis(of: error))
  }

  func channelInactive(context: ChannelHandlerContext) {
    isOpen = false
    if exchange != nil, reader.mayEndHere { return complete(isExact: true) }
    fail(count == 0 ? .connection : .protocolError)
  }

  private func complete(isExact: Bool) {
    // Nil where the exchange closed the connection in the middle.
    guard let exchange else { return }
    self.exchange = nil
    served += 1
    keepsAlive = keepsAlive && isExact && reader.keepsAlive
    exchange.completed(self)
  }

  private func fail(_ basis: VerdictBasis) {
    let waiting = exchange
    let isStale = served > 0 && count == 0
    abandon()
    waiting?.failed(basis, isStale: isStale)
  }

  static func basis(of error: any Error) -> VerdictBasis {
    switch error {
    case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: .tls
    default: .connection
    }
  }
}
