import Domain

/// What waits for one response on a connection; told of it on the connection's event loop.
protocol HTTPExchange: AnyObject {
  /// How many bytes the whole response may have.
  var wireLimit: Int { get }
  /// How many bytes its status line and header fields may have.
  var headLimit: Int { get }

  func received(_ head: ResponseHead)
  /// The next piece of the body; the bytes are there during the call only.
  func received(_ bytes: UnsafeBufferPointer<UInt8>)
  /// The response is complete; the connection can be used again where `connection` says so.
  func completed(_ connection: HTTPConnection)
  /// The connection is of no use any more.
  ///
  /// `isStale`: it had served before and closed without a byte of this response, as an idle server does.
  func failed(_ basis: VerdictBasis, isStale: Bool)
}
