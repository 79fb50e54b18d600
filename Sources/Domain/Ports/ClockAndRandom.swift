/// Where the time comes from: the machine's clock, or an exercise's virtual one.
public protocol Clock: Sendable {
  func now() -> Instant
}

/// Where random bytes come from: the kernel, or an exercise's seed.
public protocol RandomSource: Sendable {
  /// Two 64-bit words.
  func words() -> (UInt64, UInt64)
}
