import Locators
import Testing

@Suite("The fast path against the state machine")
struct URLFastPathTests {
  @Test(
    "both give the same address, part by part, for 200,000 mutated cases, and parsing is idempotent",
    .enabled(if: URLVectors.arePresent, Comment(rawValue: URLVectors.absent)))
  func mutations() throws {
    let ordinary = [
      "https://www.example.org/watch?v=abc&t=1#here", "http://example.org:8080/a.b/.c/%20x",
      "https://EXAMPLE.org",
      "http://a.b-c_d.example/x/index.html?q=%D8%B4#", "https://1.example.3com/..a/",
      "https://example.com./?",
    ].map { Array($0.utf8) }
    let seeds = try URLVectors.inputs() + (0..<100).flatMap { _ in ordinary }
    var random = Mutations(state: 0x5EED)
    for _ in 0..<200_000 {
      let input = random.mutated(seeds)
      let (fast, full) = (parse(input, usingFastPath: true), parse(input, usingFastPath: false))
      guard fast == full else {
        Issue.record("differs: \(String(decoding: input, as: UTF8.self).debugDescription)")
        continue
      }
      guard case .success(let url) = fast, case .success(let other) = full else { continue }
      guard parts(url) == parts(other), let again = try? WebURL(url.href), parts(again) == parts(url) else {
        Issue.record("parts differ: \(String(decoding: input, as: UTF8.self).debugDescription)")
        continue
      }
    }
  }

  private func parse(_ input: [UInt8], usingFastPath: Bool) -> Result<WebURL, URLFault> {
    input.withUnsafeBufferPointer { buffer in
      do throws(URLFault) {
        return .success(try WebURL(buffer, base: nil, usingFastPath: usingFastPath))
      } catch {
        return .failure(error)
      }
    }
  }

  private func parts(_ url: WebURL) -> [[UInt8]?] {
    [
      Array(url.scheme), Array(url.username), Array(url.password), Array(url.host), Array(url.path),
      url.query.map { Array($0) }, url.fragment.map { Array($0) }, url.port.map { Array("\($0)".utf8) },
      [url.hasHost, url.isSpecial, url.hasOpaquePath, url.hostIsDomain].map { $0 ? 1 : 0 },
    ]
  }
}

/// Seeded mutations (xorshift64), so that a failure repeats.
private struct Mutations {
  var state: UInt64
  private static let telling = Array(
    "/\\:@?#.%[]|^<> \t\n%2eE0123xXaZ'`{}~\u{E9}\u{DF}\u{200C}\u{645}\u{1F438}".utf8)

  mutating func next(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 33) % max(1, bound)
  }

  mutating func mutated(_ seeds: [[UInt8]]) -> [UInt8] {
    var bytes = seeds[next(seeds.count)]
    for _ in 0..<next(5) {
      let position = next(bytes.count + 1)
      let byte = next(3) == 0 ? UInt8(next(256)) : Self.telling[next(Self.telling.count)]
      switch next(4) {
      case 0: bytes.insert(byte, at: position)
      case 1 where position < bytes.count: bytes[position] = byte
      case 2 where position < bytes.count: bytes.remove(at: position)
      case 3:
        let other = seeds[next(seeds.count)]
        bytes.insert(contentsOf: other.prefix(next(other.count + 1)), at: position)
      default: continue
      }
    }
    return bytes
  }
}
