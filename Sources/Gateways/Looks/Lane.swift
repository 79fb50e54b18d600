import Domain
import NIOCore

/// The looks at one origin, and the connections to it.
final class Lane {
  let gate: Admission
  /// nil where nobody has to be spared.
  let pacer: Pacer?
  /// Where the policy lets it connect to, once the name was resolved; it stays for the whole run.
  var endpoint: Endpoint?
  /// Looks that wait for the name to be resolved.
  var resolving: [Look] = []
  var idle: [HTTPConnection] = []
  /// Looks that are being made.
  var workers = 0
  var isReady = false
  var isParked = false
  /// Connections in a row that could not be opened.
  var failures = 0

  private var targets: [Int32] = []
  private var nextTarget = 0
  // Looks that a redirect led here; they go first, because their time runs.
  private var hops: [Look] = []

  init(_ gate: Admission, _ pacer: Pacer?) {
    self.gate = gate
    self.pacer = pacer
    if case .pinned(let endpoint) = gate { self.endpoint = endpoint }
  }

  var hasWork: Bool { nextTarget < targets.count || !hops.isEmpty }

  func add(_ target: Int32) { targets.append(target) }

  func add(_ look: Look) { hops.append(look) }

  enum Work {
    case hop(Look)
    case target(Int)
  }

  func next() -> Work? {
    if let look = hops.popLast() { return .hop(look) }
    guard nextTarget < targets.count else { return nil }
    defer { nextTarget += 1 }
    return .target(Int(targets[nextTarget]))
  }

  /// A connection that waits, closed ones forgotten; `count` is how many wait in all lanes.
  func takeIdle(_ count: inout Int) -> HTTPConnection? {
    while let connection = idle.popLast() {
      count -= 1
      if connection.isReusable { return connection }
    }
    return nil
  }

  func closeIdle(_ count: inout Int) {
    let connections = idle
    idle = []
    count -= connections.count
    for connection in connections { connection.abandon() }
  }
}
