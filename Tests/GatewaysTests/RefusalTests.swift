import Domain
import Gateways
import Locators
import Testing

@Suite("What is never connected to")
struct RefusalTests {
  @Test("hostile addresses, more than 300, are refused and a listening socket sees none of them")
  func hostileAddresses() async throws {
    let server = try await ScriptedServer { _ in ScriptedServer.Act.reply("200 OK") }
    let addresses = HostileAddresses.all(port: server.port)
    #expect(addresses.count >= 300)
    #expect(Set(addresses).count == addresses.count)
    let prober = HTTPProber(packs: try ProviderPacks.shipped(), resolver: NoResolver())
    let findings = await prober.look(at: addresses.map { LookTarget(url: $0, pack: nil) })
    let courier = HTTPCourier(resolver: NoResolver())
    for (address, finding) in zip(addresses, findings) {
      #expect(finding == LookFinding(verdict: .unreachable, basis: .refused), "\(address)")
      let parcel = Parcel(
        url: address, id: Identifier(high: 1, low: 2), sentAt: Instant(microseconds: 0), body: [],
        authentication: .none)
      #expect(await courier.post(parcel) == .failed(.refused), "\(address)")
    }
    await server.stop()
    #expect(server.connections == 0)
  }

  @Test(
    "a name is resolved once for all its addresses, and one inside address condemns it",
    arguments: [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["2001:4860:4860::8888", "::1"], ["64:ff9b::808:808"]])
  func names(addresses: [String]) async throws {
    let resolver = CountingResolver(addresses)
    let prober = HTTPProber(packs: try ProviderPacks.shipped(), resolver: resolver)
    let targets = (0..<20).map { LookTarget(url: "http://name.example/\($0)", pack: nil) }
    let findings = await prober.look(at: targets)
    #expect(findings.allSatisfy { $0 == LookFinding(verdict: .unreachable, basis: .refused) })
    #expect(resolver.calls == 1)
  }

  @Test("a name without an address is told as such")
  func noName() async throws {
    let prober = HTTPProber(packs: try ProviderPacks.shipped(), resolver: CountingResolver([]))
    let finding = await prober.look(at: [LookTarget(url: "https://name.example/", pack: nil)]).first
    #expect(finding?.verdict == .unreachable && finding?.basis == .name)
  }

  @Test(
    "an address is public or it is not",
    arguments: [
      ("8.8.8.8", true), ("100.63.255.255", true), ("100.64.0.0", false), ("100.127.255.255", false),
      ("100.128.0.0", true), ("172.15.255.255", true), ("172.16.0.0", false), ("172.31.255.255", false),
      ("172.32.0.0", true), ("169.254.0.1", false), ("192.167.255.255", true), ("192.168.0.0", false),
      ("198.17.255.255", true), ("198.19.255.255", false), ("223.255.255.255", true), ("224.0.0.0", false),
      ("255.255.255.255", false), ("0.1.2.3", false), ("2a00:1450::1", true), ("2001:db8::1", false),
      ("2001:1ff::1", false), ("2001:200::1", true), ("2002:808:808::1", false), ("fe80::1", false),
      ("fc00::1", false), ("fdff::1", false), ("ff02::1", false), ("::", false), ("::ffff:8.8.8.8", false),
      ("64:ff9b::8.8.8.8", false), ("3fff::1", false), ("2600::5efe:10.0.0.1", false),
      ("2600::200:5efe:10.0.0.1", false),
    ])
  func publicAddresses(text: String, isPublic: Bool) throws {
    #expect(try #require(IPAddress(text)).isPublic == isPublic)
  }
}

/// A resolver that must not be asked.
private struct NoResolver: NameResolver {
  func addresses(of name: String) -> [IPAddress] {
    Issue.record("\(name) was to be resolved")
    return []
  }
}
