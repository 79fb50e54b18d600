import Gateways
import NIOCore
import Testing

@Suite("Politeness")
struct PacerTests {
  @Test("requests are a pack's interval apart, and a pause saves nothing up")
  func intervals() {
    let pacer = Pacer(requestsPerSecond: 4)
    let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    #expect(pacer.reserve(start) == start)
    #expect(pacer.reserve(start) == start + .milliseconds(250))
    #expect(pacer.reserve(start) == start + .milliseconds(500))
    let later = start + .seconds(10)
    #expect(pacer.reserve(later) == later)
    #expect(pacer.reserve(later) == later + .milliseconds(250))
  }
}
