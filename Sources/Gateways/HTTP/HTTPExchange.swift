import Domain
import NIOCore
import NIOHTTP1

/// What waits for one reply on a connection; told of it on the connection's event loop.
protocol HTTPExchange: AnyObject {
  /// How many bytes the whole reply may have.
  var wireLimit: Int { get }
  /// How many bytes its status line and header fields may have.
  var headLimit: Int { get }

  func received(_ head: HTTPResponseHead)
  func received(_ bytes: ByteBuffer)
  /// The reply is complete; the connection can be used again where `connection` says so.
  func completed(_ connection: HTTPConnection)
  /// The connection is of no use any more.
  ///
  /// `isStale`: it had served before and closed without a byte of this reply, as an idle server does.
  func failed(_ basis: VerdictBasis, isStale: Bool)
}
