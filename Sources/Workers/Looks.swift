public import Casework
public import Domain
import Storage

/// Looks for itself whether what was referred is gone.
public struct Looks: Worker {
  public let name = "looks"

  /// A commit of so many looks holds the lane for some ten milliseconds.
  private static let looksInOneRound = 2_000

  private let desk: Desk
  private let caller: Caller
  private let prober: any Prober

  /// - Parameter caller: the installation's owner.
  public init(desk: Desk, caller: Caller, prober: any Prober) {
    self.desk = desk
    self.caller = caller
    self.prober = prober
  }

  /// While one page is looked at, the page before it is recorded.
  public func runDue(at instant: Instant) async throws -> Instant? {
    var after: Int64 = -1
    var recording: Task<Void, any Error>?
    while true {
      let due = try await desk.dueLooks(at: instant, after: after, limit: Self.looksInOneRound, as: caller)
      guard let last = due.last else { break }
      let findings = await prober.look(at: due.map { LookTarget(url: $0.url, pack: $0.pack) })
      try await recording?.value
      recording = Task { [desk, caller] in try await desk.record(findings, of: due, as: caller) }
      after = last.reportIndex
      if due.count < Self.looksInOneRound { break }
    }
    try await recording?.value
    return try await desk.nextLookDue(as: caller)
  }
}
