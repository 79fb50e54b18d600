import Domain
import Synchronization

/// Pages in memory: each address has a verdict, live where nothing else was said.
final class ScriptedProber: Prober {
  private struct State {
    var verdicts: [String: Verdict] = [:]
    var rounds: [[LookTarget]] = []
  }

  private let state = Mutex(State())

  /// What was looked at together, round after round.
  var rounds: [[LookTarget]] { state.withLock { $0.rounds } }

  func set(_ verdict: Verdict, at url: String) { state.withLock { $0.verdicts[url] = verdict } }

  func look(at targets: [LookTarget]) async -> [LookFinding] {
    state.withLock { state in
      state.rounds.append(targets)
      return targets.map { target in
        let verdict = state.verdicts[target.url] ?? .live
        return LookFinding(verdict: verdict, basis: verdict == .live ? .page : .status404, status: 200)
      }
    }
  }
}
