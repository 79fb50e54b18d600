import Domain
import Gateways
import Locators
import Testing

@Suite("Redirects")
struct RedirectTests {
  private static let hosts: Set<String> = ["wave.example", "*.wave.example", "other.example"]

  private func look(_ url: String, pack: String? = "wave", at server: ScriptedServer) async throws -> LookFinding {
    let address = try #require(IPAddress("127.0.0.1"))
    let prober = HTTPProber(
      packs: try ProviderPacks.shipped(), policy: .range(hosts: Self.hosts, address: address, port: server.port))
    let finding = await prober.look(at: [LookTarget(url: url, pack: pack)]).first
    await server.stop()
    return try #require(finding)
  }

  private func redirecting(to location: String) async throws -> ScriptedServer {
    try await ScriptedServer { request in
      request.target == "/first"
        ? ScriptedServer.Act.reply("302 Found", "Location: \(location)\r\n")
        : ScriptedServer.Act.reply("200 OK", body: "<title>Last</title>")
    }
  }

  @Test("in a range any address of its hosts is asked for in plain HTTP, under its own name")
  func range() async throws {
    let server = try await ScriptedServer { _ in ScriptedServer.Act.reply("200 OK") }
    let finding = try await look("https://www.wave.example/watch?v=1#t", at: server)
    #expect(finding.verdict == .live)
    #expect(server.requests.first?.text.hasPrefix("GET /watch?v=1 HTTP/1.1\r\nHost: www.wave.example\r\n") == true)
  }

  @Test("a host outside the range is refused without a connection")
  func outside() async throws {
    let server = try await ScriptedServer { _ in ScriptedServer.Act.reply("200 OK") }
    let finding = try await look("https://third.example/", at: server)
    #expect(finding == LookFinding(verdict: .unreachable, basis: .refused))
    #expect(server.connections == 0)
  }

  @Test("a live page at the end has moved, and the finding names where")
  func followed() async throws {
    let server = try await redirecting(to: "https://other.example/second")
    let finding = try await look("https://wave.example/first", at: server)
    #expect(finding.verdict == .moved && finding.basis == .redirect && finding.status == 200)
    #expect(finding.location == "https://other.example/second" && finding.title == "Last")
    #expect(server.requests.map(\.target) == ["/first", "/second"])
  }

  @Test("a redirect that means something is not followed")
  func loginWall() async throws {
    let server = try await redirecting(to: "/login?next=%2Ffirst")
    let finding = try await look("https://wave.example/first", at: server)
    #expect(finding.verdict == .restricted && finding.basis == .loginWall && finding.status == 302)
    #expect(server.requests.count == 1)
  }

  @Test(
    "no hop leads where the policy does not admit",
    arguments: [
      "http://127.0.0.1/", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://localhost/",
      "file:///etc/passwd", "gopher://other.example/", "ftp://other.example/", "http://[::1]/", "http://2130706433/",
      "https://user@other.example/", "javascript:alert(1)", "http://third.example/",
    ])
  func refusedHops(location: String) async throws {
    let server = try await redirecting(to: location)
    let finding = try await look("https://wave.example/first", at: server)
    #expect(finding.verdict == .unreachable && finding.basis == .refused)
    #expect(server.requests.count == 1)
  }

  @Test("after five redirects it is enough, in a loop as in a line")
  func loops() async throws {
    let loop = try await ScriptedServer { _ in ScriptedServer.Act.reply("302 Found", "Location: /a\r\n") }
    let finding = try await look("https://wave.example/a", at: loop)
    #expect(finding.verdict == .unreachable && finding.basis == .redirect)
    #expect(loop.requests.count == 6)
    let line = try await ScriptedServer { request in
      let step = Int(request.target.dropFirst()) ?? 0
      return step < 5
        ? ScriptedServer.Act.reply("301 Moved Permanently", "Location: /\(step + 1)\r\n", body: "moved")
        : ScriptedServer.Act.reply("200 OK")
    }
    #expect(try await look("https://wave.example/0", at: line).verdict == .moved)
  }

  @Test("a redirect whose page never ends is followed all the same")
  func endlessRedirect() async throws {
    let head = Array("HTTP/1.1 302 Found\r\nLocation: /second\r\n\r\n".utf8)
    let server = try await ScriptedServer { request in
      request.target == "/first"
        ? [.send(head), .sendForEver([UInt8](repeating: 0x61, count: 65_536))] : ScriptedServer.Act.reply("200 OK")
    }
    #expect(try await look("https://wave.example/first", at: server).verdict == .moved)
  }

  @Test("a redirect without a place to go, or to no address, is unknown", arguments: ["", "Location: http://[\r\n"])
  func nowhere(field: String) async throws {
    let server = try await ScriptedServer { _ in ScriptedServer.Act.reply("302 Found", field) }
    #expect(try await look("https://wave.example/a", at: server).verdict == .unknown)
  }
}
