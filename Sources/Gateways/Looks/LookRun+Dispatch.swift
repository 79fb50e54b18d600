import Domain
import Locators
import NIOCore
import NIOPosix

/// How looks come to connections.
extension LookRun {
  private static let mostIdle = 256
  /// Looks at one public origin at the same time; its pace is the pack's.
  private static let publicWorkers = 6
  private static let privateWorkers = 64
  /// After so many failures in a row to open a connection the rest of a lane is not tried in this run.
  private static let mostFailures = 5

  private var mostWorkers: Int { policy.isPolite ? Self.publicWorkers : Self.privateWorkers }

  /// Puts a lane that has work in line, at once or when its provider may be asked again.
  func schedule(_ lane: Lane) {
    guard lane.hasWork, !lane.isReady, !lane.isParked, lane.workers < mostWorkers else { return }
    let now = NIODeadline.now()
    guard let at = lane.pacer?.reserve(now), at > now else { return ready.append(lane) }
    lane.isParked = true
    loop.scheduleTask(deadline: at) { [self] in
      lane.isParked = false
      guard lane.hasWork else { return }
      ready.append(lane)
      fill()
    }
  }

  /// Begins looks until every place is taken.
  func fill() {
    while !freePlaces.isEmpty, let lane = ready.pop() {
      begin(in: lane, on: nil)
      schedule(lane)
    }
  }

  /// Makes the lane's next look, on `connection` where there is one.
  private func begin(in lane: Lane, on connection: HTTPConnection?) {
    guard let place = freePlaces.popLast() else { return keep(connection, in: lane) }
    guard let work = lane.next() else {
      freePlaces.append(place)
      return keep(connection, in: lane)
    }
    let look: Look
    switch work {
    case .hop(let waiting):
      look = waiting
      look.resume(NIODeadline.now())
    case .target(let index):
      guard let target = take(index) else { return freePlaces.append(place) }
      look = Look(index, target.address, target.provider, lane, self, at: NIODeadline.now())
    }
    look.lane = lane
    look.slot = place
    places[place] = look
    lane.workers += 1
    if let connection {
      look.send(on: connection)
    } else {
      connect(look)
    }
  }

  /// Finds a connection for a look that has its place.
  func connect(_ look: Look) {
    let lane = look.lane
    if let connection = lane.takeIdle(&idle) { return look.send(on: connection) }
    guard let endpoint = lane.endpoint else { return resolve(look) }
    dialer.connect(to: endpoint, seconds: budget.seconds) { [self] result in
      switch result {
      case .success(let connection):
        lane.failures = 0
        if look.isDone { keep(connection, in: lane) } else { look.send(on: connection) }
      case .failure(let fault):
        lane.failures += 1
        if lane.failures >= Self.mostFailures {
          forsake(lane, LookFinding(verdict: .unreachable, basis: fault.basis))
        }
        look.failed(fault.basis, isStale: false)
      }
    }
  }

  private func resolve(_ look: Look) {
    let lane = look.lane
    lane.resolving.append(look)
    guard lane.resolving.count == 1, case .named(let name, let port, let isTLS) = lane.gate else { return }
    let found = NIOSingletons.posixBlockingThreadPool.runIfActive(eventLoop: loop.nonisolated()) { [resolver] in
      resolver.addresses(of: name)
    }
    found.assumeIsolated().whenComplete { [self] result in
      let addresses = (try? result.get()) ?? []
      let waiting = lane.resolving
      lane.resolving = []
      if policy.admit(addresses) {
        lane.endpoint = Endpoint(addresses: Array(addresses.prefix(4)), port: port, tls: isTLS ? .name(name) : nil)
        for look in waiting where !look.isDone { connect(look) }
      } else {
        let basis: VerdictBasis = addresses.isEmpty ? .name : .refused
        forsake(lane, LookFinding(verdict: .unreachable, basis: basis))
        for look in waiting { look.failed(basis, isStale: false) }
      }
    }
  }

  /// A look has its finding.
  func finished(_ look: Look, _ finding: LookFinding, connection: HTTPConnection?) {
    settle(look.index, finding)
    leave(look, connection)
    endIfDone()
  }

  /// A redirect leads a look on, to this lane or another.
  func hop(_ look: Look, _ admission: Admission, releasing connection: HTTPConnection) {
    let next = lane(for: admission, look.address, look.provider)
    look.pause(NIODeadline.now())
    next.add(look)
    leave(look, connection)
    schedule(next)
    fill()
  }

  /// Frees a look's place; where its lane has more work, that goes on with the same connection.
  private func leave(_ look: Look, _ connection: HTTPConnection?) {
    let lane = look.lane
    places[look.slot] = nil
    freePlaces.append(look.slot)
    lane.workers -= 1
    let connection = connection?.isReusable == true ? connection : nil
    if lane.pacer == nil, lane.hasWork {
      begin(in: lane, on: connection)
    } else {
      keep(connection, in: lane)
      schedule(lane)
      fill()
    }
  }

  private func keep(_ connection: HTTPConnection?, in lane: Lane) {
    guard let connection else {
      if !lane.hasWork, lane.workers == 0, !isTakingIn { lane.closeIdle(&idle) }
      return
    }
    guard connection.isReusable, idle < Self.mostIdle, lane.hasWork || lane.workers > 0 || isTakingIn else {
      return connection.abandon()
    }
    lane.idle.append(connection)
    idle += 1
  }
}
