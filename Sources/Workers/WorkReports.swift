import Casework
import Domain
public import Meters

/// Whom a worker that has lanes of its own tells what it did.
public struct WorkReports: Sendable {
  let metrics: ServeMetrics?
  let onFailure: @Sendable (_ worker: String, any Error) -> Void

  public init(
    metrics: ServeMetrics? = nil, onFailure: @escaping @Sendable (_ worker: String, any Error) -> Void = { _, _ in }
  ) {
    self.metrics = metrics
    self.onFailure = onFailure
  }

  func tell(_ recorded: [DeliveredMessage]) {
    guard let metrics else { return }
    for message in recorded {
      switch message.result {
      case .accepted: metrics.deliveries.add(1, "delivered")
      case .refused: metrics.deliveries.add(1, "refused")
      }
    }
  }

  func tell(_ verdicts: [Verdict]) {
    for verdict in verdicts { metrics?.looks.add(1, verdict.rawValue) }
  }

  func tellAgain(_ messages: Int) { metrics?.deliveries.add(Double(messages), "again") }
}
