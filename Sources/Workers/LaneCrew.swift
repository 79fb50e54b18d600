import Storage
import Synchronization

/// Lanes that are being worked on, each in a task of its own, so that a slow provider keeps nobody else waiting.
final class LaneCrew: Sendable {
  private let tasks = Mutex<[String: Task<Void, Never>]>([:])
  private let most: Int

  /// - Parameter most: how many lanes are worked on at once.
  init(most: Int) { self.most = most }

  /// The lanes that are under way.
  var busy: Set<String> { tasks.withLock { Set($0.keys) } }

  /// Begins work on a lane unless it is under way, or too many are; `ended` is told when it is over.
  func begin(
    _ lease: Lease, ended: @escaping @Sendable () -> Void, _ work: @escaping @Sendable () async -> Void
  ) {
    tasks.withLock { tasks in
      guard tasks[lease.name] == nil, tasks.count < most else { return }
      tasks[lease.name] = Task {
        await work()
        self.tasks.withLock { $0[lease.name] = nil }
        ended()
      }
    }
  }

  /// Returns once nothing is under way.
  func settle() async {
    while let task = tasks.withLock({ $0.values.first }) { await task.value }
  }

  /// Asks everything under way to end, and waits for it.
  func stop() async {
    for task in tasks.withLock({ Array($0.values) }) { task.cancel() }
    await settle()
  }
}
