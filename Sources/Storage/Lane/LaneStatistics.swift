import Synchronization

/// What the write lane has done since the program started.
public struct LaneStatistics: Sendable, Hashable {
  /// How many fell at or below each bound, and how many there were.
  public struct Distribution: Sendable, Hashable {
    public let bounds: [Double]
    /// One for each bound; what is above all of them is in `count` alone.
    public private(set) var atOrBelow: [Int64]
    public private(set) var count: Int64 = 0
    public private(set) var sum = 0.0

    init(bounds: [Double]) {
      self.bounds = bounds
      atOrBelow = Array(repeating: 0, count: bounds.count)
    }

    mutating func add(_ value: Double) {
      count += 1
      sum += value
      for position in bounds.indices where value <= bounds[position] { atOrBelow[position] += 1 }
    }
  }

  /// Bodies whose commit is on disk.
  public internal(set) var kept: Int64 = 0
  /// Bodies that threw: a refusal, a conflict. Each was undone alone.
  public internal(set) var refused: Int64 = 0
  /// Bodies that a storage error took along.
  public internal(set) var failed: Int64 = 0
  /// How many bodies shared each commit; its count is that of the commits.
  public internal(set) var bodies = Distribution(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256])
  /// Seconds from the beginning of a commit to its flush.
  public internal(set) var seconds = Distribution(bounds: [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ])
}
