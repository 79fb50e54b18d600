import Domain
import Locators
import NIOCore
import NIOPosix

/// All looks of one call, on one event loop: lanes that wait, looks that are being made, findings.
///
/// A lane that has a place keeps it until it has no work left, so that connections are used again and few are open.
/// No look has a task, promise or timer of its own.
final class LookRun {
  /// How often the looks' time is checked.
  private static let tick = TimeAmount.milliseconds(100)

  let policy: LookPolicy
  let budget: LookBudget
  let providers: LookProviders
  let resolver: any NameResolver
  let dialer: Dialer
  let loop: NIOIsolatedEventLoop
  let targets: [LookTarget]
  /// The targets' addresses until their look begins.
  var addresses: [WebURL?]
  private let deliver: (Int, LookFinding) -> Void
  private let done: () -> Void

  var ready = LaneQueue()
  var places: [Look?]
  var freePlaces: [Int]
  /// Connections that wait in lanes.
  var idle = 0
  private var lanes: [Admission: Lane] = [:]
  private var pacers: [String: Pacer] = [:]
  private var left: Int
  private var isOver = false

  init(
    _ targets: [LookTarget], _ settings: LookSettings, _ dialer: Dialer, _ loop: NIOIsolatedEventLoop,
    deliver: @escaping (Int, LookFinding) -> Void, done: @escaping () -> Void
  ) {
    self.targets = targets
    policy = settings.policy
    budget = settings.budget
    providers = settings.providers
    resolver = settings.resolver
    self.dialer = dialer
    self.loop = loop
    self.deliver = deliver
    self.done = done
    left = targets.count
    addresses = Array(repeating: nil, count: targets.count)
    places = Array(repeating: nil, count: settings.concurrency)
    freePlaces = Array((0..<settings.concurrency).reversed())
  }

  func start() {
    // In the order of the targets, so that two runs go about it in the same way.
    var inOrder: [Lane] = []
    for (index, target) in targets.enumerated() {
      guard let url = try? WebURL(target.url), case let admission = policy.admit(url), admission != .refused else {
        settle(index, LookFinding(verdict: .unreachable, basis: .refused))
        continue
      }
      let lane = lane(for: admission, url, pack: target.pack)
      if !lane.hasWork { inOrder.append(lane) }
      lane.add(Int32(index))
      addresses[index] = url
    }
    for lane in inOrder { schedule(lane) }
    fill()
    if left == 0 { end() } else { scheduleTick() }
  }

  /// Ends every look that is not made yet.
  func cancel() {
    guard !isOver else { return }
    for lane in lanes.values { forsake(lane, LookFinding(verdict: .unreachable, basis: .timeout)) }
    for look in places { look?.cutOff(.timeout) }
  }

  /// The lane of an admitted address; one for an origin, and one for the whole of a range.
  func lane(for admission: Admission, _ url: WebURL, pack: String?) -> Lane {
    if let lane = lanes[admission] { return lane }
    let lane = Lane(admission, policy.isPolite ? pacer(pack ?? url.hostname, pack: pack) : nil)
    lanes[admission] = lane
    return lane
  }

  private func pacer(_ key: String, pack: String?) -> Pacer {
    if let pacer = pacers[key] { return pacer }
    let pacer = Pacer(requestsPerSecond: providers.rate(of: pack))
    pacers[key] = pacer
    return pacer
  }

  /// Gives all that waits in a lane the same finding.
  func forsake(_ lane: Lane, _ finding: LookFinding) {
    while let work = lane.next() {
      switch work {
      case .hop(let look): settle(look.index, finding)
      case .target(let index): settle(index, finding)
      }
    }
    endIfDone()
  }

  func settle(_ index: Int, _ finding: LookFinding) {
    left -= 1
    deliver(index, finding)
  }

  func endIfDone() {
    if left == 0 { end() }
  }

  private func end() {
    guard !isOver else { return }
    isOver = true
    for lane in lanes.values { lane.closeIdle(&idle) }
    lanes = [:]
    done()
  }

  private func scheduleTick() {
    loop.scheduleTask(in: Self.tick) { [self] in
      guard !isOver else { return }
      let now = NIODeadline.now()
      for look in places where look.map({ $0.deadline < now }) == true { look?.cutOff(.timeout) }
      if !isOver { scheduleTick() }
    }
  }
}

/// Lanes that may begin a look, first come, first served.
struct LaneQueue {
  private var lanes: [Lane] = []
  private var next = 0

  mutating func append(_ lane: Lane) {
    lane.isReady = true
    lanes.append(lane)
  }

  mutating func pop() -> Lane? {
    guard next < lanes.count else { return nil }
    let lane = lanes[next]
    next += 1
    if next > 1_024, next * 2 > lanes.count {
      lanes.removeFirst(next)
      next = 0
    }
    lane.isReady = false
    return lane
  }
}
