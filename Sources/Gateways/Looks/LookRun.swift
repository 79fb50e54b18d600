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
  /// So many addresses are taken in at once; between two slices the looks that are being made go on.
  private static let slice = 1_024

  let policy: LookPolicy
  let budget: LookBudget
  let providers: LookProviders
  let resolver: any NameResolver
  let dialer: Dialer
  let loop: NIOIsolatedEventLoop
  private let list: LookList
  /// What has been taken in and not begun yet.
  private var waiting: [(address: WebURL, provider: Int)?] = []
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
  private var isCancelled = false
  private var isOver = false

  init(
    _ list: LookList, _ settings: LookSettings, _ dialer: Dialer, _ loop: NIOIsolatedEventLoop,
    deliver: @escaping (Int, LookFinding) -> Void, done: @escaping () -> Void
  ) {
    self.list = list
    policy = settings.policy
    budget = settings.budget
    providers = settings.providers
    resolver = settings.resolver
    self.dialer = dialer
    self.loop = loop
    self.deliver = deliver
    self.done = done
    left = list.addresses.count
    waiting.reserveCapacity(list.addresses.count)
    places = Array(repeating: nil, count: settings.concurrency)
    freePlaces = Array((0..<settings.concurrency).reversed())
  }

  func start() {
    takeIn()
    if !isOver { scheduleTick() }
  }

  /// Whether more addresses may come to any lane.
  var isTakingIn: Bool { waiting.count < list.addresses.count }

  private func takeIn() {
    guard !isOver else { return }
    let end = min(waiting.count + Self.slice, list.addresses.count)
    while waiting.count < end { takeIn(waiting.count) }
    fill()
    if isTakingIn { loop.execute { [self] in takeIn() } }
    endIfDone()
  }

  private func takeIn(_ index: Int) {
    guard !isCancelled else {
      waiting.append(nil)
      return settle(index, LookFinding(verdict: .unreachable, basis: .timeout))
    }
    guard let url = try? WebURL(list.addresses[index]), case let admission = policy.admit(url), admission != .refused
    else {
      waiting.append(nil)
      return settle(index, LookFinding(verdict: .unreachable, basis: .refused))
    }
    let provider = list.packs.map { $0[index] } ?? providers.place(of: url)
    waiting.append((url, provider))
    let lane = lane(for: admission, url, provider)
    lane.add(Int32(index))
    schedule(lane)
  }

  /// Hands over an address for its look to begin.
  func take(_ index: Int) -> (address: WebURL, provider: Int)? { waiting[index].take() }

  /// Ends every look that is not made yet.
  func cancel() {
    guard !isOver else { return }
    isCancelled = true
    for lane in lanes.values { forsake(lane, LookFinding(verdict: .unreachable, basis: .timeout)) }
    for look in places { look?.cutOff(.timeout) }
  }

  /// The lane of an admitted address; one for an origin, and one for the whole of a range.
  func lane(for admission: Admission, _ url: WebURL, _ provider: Int) -> Lane {
    if let lane = lanes[admission] { return lane }
    let lane = Lane(admission, policy.isPolite ? pacer(of: provider, url) : nil)
    lanes[admission] = lane
    return lane
  }

  /// One for a provider; a host that no pack knows is one for itself.
  private func pacer(of provider: Int, _ url: WebURL) -> Pacer {
    let key = provider == LookProviders.unknown ? url.hostname : "\(provider)"
    if let pacer = pacers[key] { return pacer }
    let pacer = Pacer(requestsPerSecond: providers.rate(at: provider))
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
