public import Domain
import Locators
import NIOCore
import NIOPosix

/// Carries messages to providers by HTTP POST, within the same policy as looks.
///
/// One request and one reply: no redirect is followed and nothing is sent twice. Connections are kept for the next
/// parcel to the same address, for less time than most servers wait before they close an idle one.
public struct HTTPCourier: Courier {
  private let policy: LookPolicy
  private let budget: LookBudget
  private let resolver: any NameResolver
  private let room: CourierRoom

  /// `budget`: 30 s, and 8 MB of reply, unless said otherwise. `idleSeconds`: how long a connection is kept without
  /// work; several common servers close one after 5 s, and a parcel that meets that moment is lost.
  public init(
    policy: LookPolicy = .publicWeb, budget: LookBudget = .courier, resolver: any NameResolver = SystemResolver(),
    idleSeconds: Int64 = 4
  ) {
    self.policy = policy
    self.budget = budget
    self.resolver = resolver
    room = CourierRoom(loop: MultiThreadedEventLoopGroup.singleton.next(), idleSeconds: idleSeconds)
  }

  public func post(_ parcel: Parcel) async -> CourierReply {
    guard let url = try? WebURL(parcel.url), let request = Self.request(parcel, url) else { return .failed(.refused) }
    let admission = policy.admit(url)
    let endpoint: Endpoint
    switch admission {
    case .refused: return .failed(.refused)
    case .pinned(let pinned): endpoint = pinned
    case .named(let name, let port, let isTLS):
      let addresses = await resolve(name)
      guard !addresses.isEmpty else { return .failed(.name) }
      guard policy.admit(addresses) else { return .failed(.refused) }
      endpoint = Endpoint(addresses: Array(addresses.prefix(4)), port: port, tls: isTLS ? .name(name) : nil)
    }
    return await room.deliver(request, of: parcel, to: endpoint, as: admission, budget)
  }

  private func resolve(_ name: String) async -> [IPAddress] {
    await withCheckedContinuation { continuation in
      NIOSingletons.posixBlockingThreadPool.submit { [resolver] state in
        continuation.resume(returning: state == .active ? resolver.addresses(of: name) : [])
      }
    }
  }

  /// The whole request; nil where a field would not be one line.
  private static func request(_ parcel: Parcel, _ url: WebURL) -> ByteBuffer? {
    var fields: [(name: String, value: String)] = [
      ("Host", url.hostWithPort), ("User-Agent", HTTPProber.userAgent), ("Accept", "application/json"),
      ("Accept-Encoding", "identity"), ("Content-Type", "application/json"),
      ("Content-Length", String(parcel.body.count)), ("Idempotency-Key", parcel.id.description),
    ]
    switch parcel.authentication {
    case .none: break
    case .bearer(let token): fields.append(("Authorization", "Bearer \(token)"))
    case .webhook(let key):
      fields += WebhookSignature.headers(id: parcel.id, sentAt: parcel.sentAt, body: parcel.body, key: key)
    }
    guard fields.allSatisfy({ $0.value.utf8.allSatisfy { (0x20...0x7E).contains($0) } }) else { return nil }
    var request = ByteBufferAllocator().buffer(capacity: parcel.body.count + 768)
    request.writeStaticString("POST ")
    request.writeBytes(url.path)
    if let query = url.query {
      request.writeStaticString("?")
      request.writeBytes(query)
    }
    request.writeStaticString(" HTTP/1.1\r\n")
    for field in fields { request.writeString("\(field.name): \(field.value)\r\n") }
    request.writeStaticString("\r\n")
    request.writeBytes(parcel.body)
    return request
  }
}

extension LookBudget {
  /// What one delivery may cost: 30 s, and a reply of 8 MB.
  public static let courier = LookBudget(seconds: 30, wireBytes: 8_000_000, decodedBytes: 8_000_000, hops: 0)
}
