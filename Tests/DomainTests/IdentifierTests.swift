import Domain
import Testing

@Suite("Identifiers") struct IdentifierTests {
  @Test("version 7 begins with the milliseconds and carries its version and variant, whatever is random")
  func versionSeven() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<2_000 {
      let milliseconds = UInt64.random(in: 0...253_402_300_799_999, using: &random)
      let instant = Instant(microseconds: Int64(milliseconds) * 1_000)
      let identifier = Identifier(at: instant, random: (random.next(), random.next()))
      #expect(identifier.high >> 16 == milliseconds)
      #expect(identifier.high >> 12 & 0xF == 7)
      #expect(identifier.low >> 62 == 0b10)
    }
  }

  @Test("version 7 with every random bit set or clear")
  func versionSevenEdges() {
    let instant = Instant(microseconds: 1_795_465_811_123_456)
    #expect("\(Identifier(at: instant, random: (0, 0)))" == "01a20a1a-14b3-7000-8000-000000000000")
    #expect("\(Identifier(at: instant, random: (.max, .max)))" == "01a20a1a-14b3-7fff-bfff-ffffffffffff")
  }

  @Test("before 1970 the milliseconds are zero")
  func beforeTheEpoch() {
    #expect(Identifier(at: Instant(microseconds: -1), random: (0, 0)).high == 0x7000)
  }

  @Test("version 8 carries the digest but for version and variant, which are fixed")
  func versionEight() {
    #expect("\(Identifier(derivedFrom: (.max, .max)))" == "ffffffff-ffff-8fff-bfff-ffffffffffff")
    #expect("\(Identifier(derivedFrom: (0, 0)))" == "00000000-0000-8000-8000-000000000000")
    #expect(Identifier(derivedFrom: (1, 4)) == Identifier(derivedFrom: (1, 4)))
    #expect(Identifier(derivedFrom: (1, 4)) != Identifier(derivedFrom: (2, 4)))
  }

  @Test("text and bytes lead back to the same identifier, in either case")
  func roundTrip() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<2_000 {
      let identifier = Identifier(high: random.next(), low: random.next())
      #expect(Identifier("\(identifier)") == identifier)
      #expect(Identifier("\(identifier)".uppercased()) == identifier)
      #expect(Identifier(bytes: identifier.bytes) == identifier)
      #expect(ID<Item>("\(identifier)")?.identifier == identifier)
      #expect("\(identifier)".utf8.count == 36)
    }
  }

  @Test("order is the order of the bytes and of the text")
  func order() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<2_000 {
      let one = Identifier(high: random.next() & 1, low: random.next())
      let other = Identifier(high: random.next() & 1, low: random.next())
      #expect((one < other) == one.bytes.lexicographicallyPrecedes(other.bytes))
      #expect((one < other) == ("\(one)" < "\(other)"))
      #expect((ID<Item>(one) < ID<Item>(other)) == (one < other))
    }
  }

  @Test(
    "what is no UUID is refused",
    arguments: [
      "", "-", "01a0a2d5-c213-7000-8000-00000000000", "01a0a2d5-c213-7000-8000-0000000000000",
      "01a0a2d5c21370008000000000000000", "{01a0a2d5-c213-7000-8000-000000000000}",
      "01a0a2d5-c213-7000-8000_000000000000", "01a0a2d-5c213-7000-8000-000000000000",
      "01a0a2d5-c213-7000-8000-00000000000g", " 01a0a2d5-c213-7000-8000-000000000000",
      "01a0a2d5-c213-7000-8000-000000000000\n", "０1a0a2d5-c213-7000-8000-000000000000",
      "------------------------------------",
    ])
  func refusals(text: String) {
    #expect(Identifier(text) == nil)
    #expect(ID<Item>(text) == nil)
  }

  @Test("only sixteen bytes make an identifier or a locator's digest")
  func byteCounts() {
    for count in 0...40 where count != 16 {
      #expect(Identifier(bytes: Array(repeating: 7, count: count)) == nil)
      #expect(LocatorDigest(bytes: Array(repeating: 7, count: count)) == nil)
    }
    let digest = LocatorDigest(high: 1, low: 2)
    #expect(LocatorDigest(bytes: digest.bytes) == digest)
    #expect(digest < LocatorDigest(high: 1, low: 3))
  }
}
