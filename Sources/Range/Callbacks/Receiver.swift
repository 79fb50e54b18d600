import NIOCore
import NIOHTTP1
import NIOPosix

/// Where answers are posted to, on this machine.
struct Receiver {
  private let host: String
  private let port: Int

  /// Reads `http://127.0.0.1:8080`; nil for anything else.
  init?(_ callback: String) {
    guard callback.hasPrefix("http://") else { return nil }
    let parts = callback.dropFirst(7).split(separator: "/").first?.split(separator: ":") ?? []
    guard parts.count == 2, let port = Int(parts[1]), ["127.0.0.1", "localhost"].contains(parts[0]) else { return nil }
    host = "127.0.0.1"
    self.port = port
  }

  /// Posts a body with a token, and gives the reply's status.
  typealias Post = (_ body: [UInt8], _ token: String) async throws -> Int

  /// Runs `body` with one connection; that it can't be had, or breaks, ends it without an error.
  func connected(_ body: (Post) async throws -> Void) async throws {
    typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>
    let connection: Connection
    do {
      connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(.seconds(10))
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .connect(host: host, port: port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            return try Connection(wrappingChannelSynchronously: channel)
          }
        }
    } catch {
      return
    }
    do {
      try await connection.executeThenClose { replies, requests in
        var replies = replies.makeAsyncIterator()
        try await body { text, token in
          var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/api/v1/answers")
          head.headers = [
            "host": "\(host):\(port)", "authorization": "Bearer \(token)", "content-type": "application/json",
            "content-length": "\(text.count)",
          ]
          // At once: a quick receiver may have closed before the last of several writes, which would then fail.
          try await requests.write(contentsOf: [.head(head), .body(.byteBuffer(ByteBuffer(bytes: text))), .end(nil)])
          // A receiver that says nothing for a minute is taken for gone.
          let limit = connection.channel.eventLoop.scheduleTask(in: .seconds(60)) {
            connection.channel.close(promise: nil)
          }
          defer { limit.cancel() }
          var status: Int?
          while let part = try await replies.next() {
            switch part {
            case .head(let head): status = Int(head.status.code)
            case .body: continue
            case .end: if let status { return status }
            }
          }
          throw ChannelError.eof
        }
      }
    } catch let fault as RangeFault {
      throw fault
    } catch {
      return
    }
  }
}
