import CZlib
import Crypto
import Domain
import Gateways
import Locators
import Testing

@Suite("Looks")
struct LookTests {
  private func prober(
    _ budget: LookBudget = .standard, policy: LookPolicy = .loopback, concurrency: Int = 100
  ) throws -> HTTPProber {
    HTTPProber(packs: try ProviderPacks.shipped(), policy: policy, budget: budget, concurrency: concurrency)
  }

  private func look(
    _ server: ScriptedServer, _ path: String = "/a", _ budget: LookBudget = .standard
  ) async throws -> LookFinding {
    let findings = await (try prober(budget)).look(at: [LookTarget(url: server.origin + path, pack: nil)])
    await server.stop()
    return try #require(findings.first)
  }

  @Test("a live page is found with title, digest and length")
  func live() async throws {
    let page = "<title>Tea</title>\u{2026}"
    let server = try await ScriptedServer { _ in ScriptedServer.Act.reply("200 OK", body: page) }
    let finding = try await look(server)
    #expect(
      finding
        == LookFinding(
          verdict: .live, basis: .page, status: 200, title: "Tea",
          pageDigest: Array(SHA256.hash(data: Array(page.utf8))), pageBytes: page.utf8.count))
    let request = try #require(server.requests.first)
    #expect(request.text.hasPrefix("GET /a HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
    #expect(request.text.contains("\r\nUser-Agent: cordon-look/0.1\r\n"))
  }

  @Test("findings stand in the order of the targets, and connections are used again")
  func order() async throws {
    let server = try await ScriptedServer { request in
      ScriptedServer.Act.reply(request.target.hasSuffix("7") ? "410 Gone" : "200 OK", body: request.target)
    }
    let targets = (0..<1_000).map { LookTarget(url: "\(server.origin)/\($0)", pack: nil) }
    let findings = await (try prober(concurrency: 8)).look(at: targets)
    await server.stop()
    #expect(findings.map { $0.status ?? 0 } == (0..<1_000).map { $0 % 10 == 7 ? 410 : 200 })
    #expect(findings.map(\.pageBytes) == (0..<1_000).map { "/\($0)".utf8.count })
    #expect(server.connections <= 8)
    #expect(server.requests.count == 1_000)
  }

  @Test("every piece of a chunked page counts, however it is cut")
  func chunked() async throws {
    let reply =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n<ti\r\n9\r\ntle>a</ti\r\n0\r\nT: v\r\n\r\n"
    let server = try await ScriptedServer { request in
      request.target == "/drip" ? [.drip(Array(reply.utf8))] : [.send(Array(reply.utf8))]
    }
    let targets = ["/a", "/drip", "/b"].map { LookTarget(url: server.origin + $0, pack: nil) }
    let findings = await (try prober(concurrency: 1)).look(at: targets)
    await server.stop()
    #expect(findings.map(\.pageBytes) == [12, 12, 12])
    #expect(Set(findings.map(\.pageDigest)).count == 1)
    #expect(server.connections == 1)
  }

  @Test("a page that ends with its connection is whole; one that says its length and ends early is not")
  func endings() async throws {
    let whole = try await ScriptedServer { _ in [.send(Array("HTTP/1.0 200 OK\r\n\r\nabc".utf8)), .close] }
    let finding = try await look(whole)
    #expect(finding.verdict == .live && finding.pageBytes == 3)
    let cut = try await ScriptedServer { _ in
      [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".utf8)), .close]
    }
    let other = try await look(cut)
    #expect(other.verdict == .unreachable && other.basis == .protocolError)
  }

  @Test(
    "what is not HTTP is told as such, and ends nothing else",
    arguments: [
      "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
      "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/2 200\r\n\r\n", "\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", "HTTP/1.1 200 OK\r\nA: \u{0}\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
      "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc",
    ])
  func nonsense(reply: String) async throws {
    let server = try await ScriptedServer { _ in [.send(Array(reply.utf8))] }
    let finding = try await look(server, "/a", LookBudget(seconds: 5))
    #expect(finding.verdict == .unreachable && finding.basis == .protocolError, "\(reply): \(finding)")
  }

  @Test("a head that does not end is cut off at its limit, also as a flood of interim replies")
  func headFlood() async throws {
    for flood in ["X-A: b\r\n", "HTTP/1.1 100 Continue\r\n\r\n"] {
      let server = try await ScriptedServer { _ in
        [.send(Array("HTTP/1.1 100 Continue\r\n".utf8)), .sendForEver(Array(flood.utf8))]
      }
      let finding = try await look(server)
      #expect(finding.basis == .protocolError, "\(finding)")
    }
  }

  @Test("a page that never ends is cut off at the budget of the wire")
  func endless() async throws {
    let piece = [UInt8](repeating: 0x61, count: 65_536)
    let server = try await ScriptedServer { _ in
      [.send(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)), .sendForEver(piece)]
    }
    let finding = try await look(server)
    #expect(finding.verdict == .unreachable && finding.basis == .budget)
  }

  @Test("a large file is live by its head, and is not fetched; a page of that size is not")
  func largeFile() async throws {
    for (type, verdict) in [("video/mp4", Verdict.live), ("text/html", .unreachable)] {
      let head = "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: 900000000\r\n\r\n"
      let server = try await ScriptedServer { _ in
        [.send(Array(head.utf8)), .sendForEver([UInt8](repeating: 0x61, count: 65_536))]
      }
      let finding = try await look(server)
      #expect(finding.verdict == verdict && finding.status == 200, "\(type)")
    }
  }

  @Test("a page that drips is cut off when its time is over, and so is a server that says nothing")
  func drips() async throws {
    let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".utf8)
    let dripping = try await ScriptedServer { _ in [.drip(head + [UInt8](repeating: 0x61, count: 100_000))] }
    #expect(try await look(dripping, "/a", LookBudget(seconds: 0.3)).basis == .timeout)
    let silent = try await ScriptedServer { _ in [] }
    let finding = try await look(silent, "/a", LookBudget(seconds: 0.3))
    #expect(finding.verdict == .unreachable && finding.basis == .timeout)
  }

  @Test("gzip and deflate are decoded; what is hashed is the page")
  func encodings() async throws {
    let page = "<title>Tea &amp; houses</title>" + String(repeating: "walks and houses ", count: 50)
    for (encoding, window) in [("gzip", Int32(31)), ("deflate", 15), ("deflate", -15)] {
      let body = compressed(Array(page.utf8), window: window)
      let head = "HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\nContent-Length: \(body.count)\r\n\r\n"
      let server = try await ScriptedServer { _ in [.send(Array(head.utf8) + body)] }
      let finding = try await look(server)
      #expect(finding.title == "Tea & houses", "\(encoding) \(window)")
      #expect(finding.pageBytes == page.utf8.count)
      #expect(finding.pageDigest == Array(SHA256.hash(data: Array(page.utf8))))
    }
  }

  @Test("a page that decodes to far more than it was is cut off")
  func bomb() async throws {
    let body = compressed([UInt8](repeating: 0, count: 30_000_000), window: 31)
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n"
    for budget in [LookBudget.standard, LookBudget(ratio: 100_000)] {
      let server = try await ScriptedServer { _ in [.send(Array(head.utf8) + body)] }
      let finding = try await look(server, "/a", budget)
      #expect(finding.verdict == .unreachable && finding.basis == .budget)
      #expect(finding.pageBytes <= 20_000_000 + 65_536)
    }
  }

  @Test("an idle connection that the server closed says nothing about the next page")
  func stale() async throws {
    // Each connection serves once, says that it goes on, and closes when the second request comes.
    let seen = Seen()
    let server = try await ScriptedServer { request in
      seen.isFirst(request.connection) ? ScriptedServer.Act.reply("200 OK") : [.close]
    }
    let targets = (0..<5).map { LookTarget(url: "\(server.origin)/\($0)", pack: nil) }
    let findings = await (try prober(concurrency: 1)).look(at: targets)
    await server.stop()
    #expect(findings.map(\.verdict) == Array(repeating: .live, count: 5))
  }

  @Test("where nobody listens there is no connection")
  func closedPort() async throws {
    let server = try await ScriptedServer { _ in [] }
    await server.stop()
    let finding = try await look(server)
    #expect(finding.verdict == .unreachable && finding.basis == .connection && finding.status == nil)
  }

  @Test("a cancelled call comes back with a finding for every target")
  func cancelled() async throws {
    let server = try await ScriptedServer { _ in [] }
    let prober = try prober(concurrency: 2)
    let targets = (0..<100).map { LookTarget(url: "\(server.origin)/\($0)", pack: nil) }
    let task = Task { await prober.look(at: targets) }
    while server.requests.isEmpty { await Task.yield() }
    task.cancel()
    let findings = await task.value
    await server.stop()
    #expect(findings.count == 100 && findings.allSatisfy { $0.basis == .timeout })
  }

  private func compressed(_ bytes: [UInt8], window: Int32) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
      &stream, 9, Z_DEFLATED, window, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count / 100 + 4_096)
    let count = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return output.count - Int(stream.avail_out)
      }
    }
    return Array(output.prefix(count))
  }
}
