/// When a referred item is looked at: nine times in ninety days after it was sent, gone or not.
public enum LookSchedule {
  private static let hour: Int64 = 3_600
  private static let day: Int64 = 24 * hour

  /// Seconds after the referral was delivered, ascending.
  public static let offsets: [Int64] = [
    hour, 6 * hour, day, 3 * day, 7 * day, 14 * day, 30 * day, 60 * day, 90 * day,
  ]

  /// From one scheduled look at an item to the next: what fell due meanwhile waits so long.
  ///
  /// After days without looks several are due at once; made one right after the other they would show nothing new.
  public static let leastGapSeconds = hour

  /// The next look, after `done` of them; nil when all are made.
  public static func next(after done: Int, deliveredAt: Instant) -> Instant? {
    offsets.indices.contains(done) ? deliveredAt.adding(seconds: offsets[done]) : nil
  }
}

/// Looks that were made together.
public enum LookRound {}

/// How it was noticed that an item is there again.
public enum ReappearanceCause: String, Sendable, Hashable, CaseIterable {
  case look
  /// Somebody reported it again.
  case report
}
