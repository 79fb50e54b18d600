import Domain
import Locators
import NIOCore

/// One look under way, over all its redirects.
final class Look: HTTPExchange {
  private static let mostDrained = 65_536

  let index: Int
  let first: WebURL
  /// Its place in ``LookProviders``.
  let provider: Int
  private let signs: GoneSigns
  private unowned let run: LookRun
  private let budget: LookBudget

  var lane: Lane
  /// Where it stands among the looks that are being made.
  var slot = 0
  var connection: HTTPConnection?
  private(set) var address: WebURL
  private(set) var deadline: NIODeadline
  /// What is left of its time while it waits for its turn.
  private var left: TimeAmount?
  private var hops = 0
  private var wasRetried = false
  private var status: Int?
  private var location: WebURL?
  private var page: PageIntake?
  private var drained = 0
  private(set) var isDone = false

  init(_ index: Int, _ address: WebURL, _ provider: Int, _ lane: Lane, _ run: LookRun, at now: NIODeadline) {
    self.index = index
    (first, self.address) = (address, address)
    self.provider = provider
    signs = run.providers.signs(at: provider)
    self.lane = lane
    self.run = run
    budget = run.budget
    deadline = now + .nanoseconds(Int64(budget.seconds * 1e9))
  }

  var wireLimit: Int { budget.wireBytes }
  var headLimit: Int { budget.headBytes }

  func send(on connection: HTTPConnection) {
    self.connection = connection
    (status, page, drained) = (nil, nil, 0)
    connection.send(request, for: self)
  }

  /// Stops its clock until ``resume(_:)``.
  func pause(_ now: NIODeadline) { left = deadline - now }

  func resume(_ now: NIODeadline) {
    if let left { deadline = now + left }
    left = nil
  }

  private static let requestEnd = Array(
    "\r\nUser-Agent: \(HTTPProber.userAgent)\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n\r\n".utf8)

  /// The parts of a parsed address have no space, line end or control character in them.
  private var request: ByteBuffer {
    var request = ByteBufferAllocator().buffer(capacity: address.href.count + 128)
    request.writeStaticString("GET ")
    request.writeBytes(address.path)
    if let query = address.query {
      request.writeStaticString("?")
      request.writeBytes(query)
    }
    request.writeStaticString(" HTTP/1.1\r\nHost: ")
    request.writeBytes(address.host)
    if let port = address.port { request.writeString(":\(port)") }
    request.writeBytes(Self.requestEnd)
    return request
  }

  func received(_ head: ResponseHead) {
    status = head.status
    if head.status == 200, head.isLargeFile(over: budget.wireBytes) {
      // Nobody writes that a film is gone into the film: that it is there is enough, and it is not fetched.
      connection?.abandon()
      return finish(finding(signs.judge(.init(.live, .page), from: first, to: address)), connection: nil)
    }
    if (300...399).contains(head.status), let text = head.location {
      location = try? WebURL(Array(text.utf8), base: address)
    } else {
      page = PageIntake(head, signs, budget)
    }
  }

  func received(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard !isDone else { return }
    if page == nil { return drain(bytes.count) }
    page?.take(bytes)
    if let fault = page?.fault {
      connection?.abandon()
      finish(unreachable(fault), connection: nil)
    }
  }

  /// A redirect's page is read past, for the connection's sake; one that goes on and on costs the connection.
  private func drain(_ count: Int) {
    drained += count
    guard drained > Self.mostDrained, let connection else { return }
    connection.abandon()
    completed(connection)
  }

  func completed(_ connection: HTTPConnection) {
    guard !isDone, let status else { return }
    if page?.isWhole == false { return finish(unreachable(.protocolError), connection: nil) }
    let isRedirect = (300...399).contains(status) && page == nil
    let reply = PageReply(
      address: address, status: status, location: isRedirect ? location : nil, marks: page?.found ?? .init())
    guard let judged = signs.judge(reply) else { return follow(connection) }
    let judgement = signs.judge(judged, from: first, to: address)
    if page?.isUnreadable == true, judged.verdict == .live {
      return finish(unreachable(.protocolError), connection: connection)
    }
    finish(finding(judgement), connection: connection)
  }

  func failed(_ basis: VerdictBasis, isStale: Bool) {
    guard !isDone else { return }
    connection = nil
    // Between two requests an idle connection may have been closed: that says nothing about the page.
    if isStale, !wasRetried {
      wasRetried = true
      return run.connect(self)
    }
    finish(unreachable(basis), connection: nil)
  }

  /// Ends it with this verdict, whatever is under way.
  func cutOff(_ basis: VerdictBasis) {
    connection?.abandon()
    finish(unreachable(basis), connection: nil)
  }

  private func follow(_ connection: HTTPConnection) {
    guard let location else { return finish(finding(.init(.unknown, .status)), connection: connection) }
    hops += 1
    guard hops <= budget.hops else { return finish(unreachable(.redirect), connection: connection) }
    let admission = run.policy.admit(location)
    guard admission != .refused else { return finish(unreachable(.refused), connection: connection) }
    address = location
    wasRetried = false
    self.connection = nil
    run.hop(self, admission, releasing: connection)
  }

  private func finish(_ finding: LookFinding, connection: HTTPConnection?) {
    guard !isDone else { return }
    isDone = true
    self.connection = nil
    run.finished(self, finding, connection: connection)
  }

  private func unreachable(_ basis: VerdictBasis) -> LookFinding { finding(.init(.unreachable, basis)) }

  private func finding(_ judgement: LookJudgement) -> LookFinding {
    LookFinding(
      verdict: judgement.verdict, basis: judgement.basis, status: status, location: location?.hrefString,
      title: page?.title, pageDigest: page?.digest, pageBytes: page?.bytes ?? 0)
  }
}
