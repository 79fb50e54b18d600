import Domain
import NIOCore

/// The courier's connections, on one event loop.
struct CourierRoom: Sendable {
  private let loop: any EventLoop
  private let idleSeconds: Int64
  private let idle: NIOLoopBoundBox<[Admission: [HTTPConnection]]>

  init(loop: any EventLoop, idleSeconds: Int64) {
    self.loop = loop
    self.idleSeconds = idleSeconds
    idle = NIOLoopBoundBox.makeBoxSendingValue([:], eventLoop: loop)
  }

  func deliver(
    _ request: ByteBuffer, of parcel: Parcel, to endpoint: Endpoint, as admission: Admission, _ budget: LookBudget
  ) async -> CourierReply {
    let delivery: @Sendable (@escaping @Sendable (CourierReply) -> Void) -> Void = { answer in
      let delivery = Delivery(parcel, budget) { reply, connection in
        if let connection { keep(connection, for: admission) }
        answer(reply)
      }
      delivery.timer = loop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(budget.seconds * 1e9))) {
        delivery.expire()
      }
      if let connection = takeIdle(for: admission) { return delivery.send(request, on: connection) }
      Dialer(loop: loop).connect(to: endpoint, seconds: budget.seconds) { result in
        switch result {
        case .success(let connection): delivery.send(request, on: connection)
        case .failure(let fault): delivery.failed(fault.basis, isStale: false)
        }
      }
    }
    return await withCheckedContinuation { continuation in
      loop.execute { delivery { continuation.resume(returning: $0) } }
    }
  }

  private func takeIdle(for admission: Admission) -> HTTPConnection? {
    while let connection = idle.value[admission]?.popLast() {
      if connection.isReusable { return connection }
    }
    return nil
  }

  private func keep(_ connection: HTTPConnection, for admission: Admission) {
    guard connection.isReusable else { return connection.abandon() }
    idle.value[admission, default: []].append(connection)
    let served = connection.served
    loop.assumeIsolated().scheduleTask(in: .seconds(idleSeconds)) {
      guard connection.served == served, connection.isReusable || !connection.isOpen else { return }
      idle.value[admission]?.removeAll { $0 === connection }
      if idle.value[admission]?.isEmpty == true { idle.value[admission] = nil }
      connection.abandon()
    }
  }
}

/// One parcel under way.
private final class Delivery: HTTPExchange {
  private let parcel: Parcel
  private let budget: LookBudget
  private let answer: (CourierReply, HTTPConnection?) -> Void
  private var connection: HTTPConnection?
  private var head: ResponseHead?
  private var body: [UInt8] = []
  private var isDone = false
  /// Ends it when its time is over.
  var timer: Scheduled<Void>?

  init(_ parcel: Parcel, _ budget: LookBudget, _ answer: @escaping (CourierReply, HTTPConnection?) -> Void) {
    self.parcel = parcel
    self.budget = budget
    self.answer = answer
  }

  var wireLimit: Int { budget.wireBytes + budget.headBytes }
  var headLimit: Int { budget.headBytes }

  func send(_ request: ByteBuffer, on connection: HTTPConnection) {
    // Its time was over before there was a connection.
    guard !isDone else { return connection.abandon() }
    self.connection = connection
    connection.send(request, for: self)
  }

  func received(_ head: ResponseHead) { self.head = head }

  func received(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard !isDone else { return }
    body.append(contentsOf: bytes)
    if body.count > budget.decodedBytes { cutOff(.budget) }
  }

  func completed(_ connection: HTTPConnection) {
    guard let head else { return }
    let encoding = head.contentEncoding?.lowercased() ?? "identity"
    guard encoding == "identity" else { return finish(.failed(.protocolError), connection) }
    let wait = head.retryAfter.flatMap {
      RetryAfter.seconds($0, date: head.date, now: parcel.sentAt)
    }
    finish(.answered(status: head.status, body: body, retryAfterSeconds: wait), connection)
  }

  // Not sent again, even where it looks as if it was never read: the port promises one request.
  func failed(_ basis: VerdictBasis, isStale: Bool) { finish(.failed(basis), nil) }

  func expire() { cutOff(.timeout) }

  private func cutOff(_ basis: VerdictBasis) {
    guard !isDone else { return }
    connection?.abandon()
    finish(.failed(basis), nil)
  }

  private func finish(_ reply: CourierReply, _ connection: HTTPConnection?) {
    guard !isDone else { return }
    isDone = true
    timer?.cancel()
    timer = nil
    self.connection = nil
    answer(reply, connection)
  }
}
