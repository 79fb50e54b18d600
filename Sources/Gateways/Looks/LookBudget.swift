/// What one look may cost; a page that wants more is cut off.
public struct LookBudget: Sendable, Hashable {
  /// From its first connection to its end, redirects included; waiting out of politeness does not count.
  public var seconds: Double
  /// Bytes of replies as they come over the connection.
  public var wireBytes: Int
  /// Bytes of the page after decoding.
  public var decodedBytes: Int
  /// How many times as long as its encoded form a page may be, once it is longer than 64 KiB.
  public var ratio: Int
  /// How many redirects are followed.
  public var hops: Int
  /// Bytes of status line and header fields.
  public var headBytes: Int

  public init(
    seconds: Double = 10, wireBytes: Int = 5_000_000, decodedBytes: Int = 20_000_000, ratio: Int = 25, hops: Int = 5,
    headBytes: Int = 65_536
  ) {
    self.seconds = seconds
    self.wireBytes = wireBytes
    self.decodedBytes = decodedBytes
    self.ratio = ratio
    self.hops = hops
    self.headBytes = headBytes
  }

  /// The figures of the threat model's row on hostile pages: 10 s, 5 MB, 20 MB, 25 times, 5 redirects.
  public static let standard = LookBudget()
}
