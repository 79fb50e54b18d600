import Domain
import Testing

@Suite("Instants") struct InstantTests {
  private static let earliest: Int64 = -62_167_219_200_000_000
  private static let latest: Int64 = 253_402_300_799_999_999

  @Test("what is written as RFC 3339 is read back as the same instant, always 27 characters wide")
  func roundTrip() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<20_000 {
      let instant = Instant(microseconds: .random(in: Self.earliest...Self.latest, using: &random))
      #expect(instant.rfc3339.count == 27)
      #expect(Instant(rfc3339: instant.description) == instant, "\(instant.microseconds)")
    }
  }

  @Test("the order of the texts is the order of the instants")
  func textOrder() {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<5_000 {
      let one = Instant(microseconds: .random(in: Self.earliest...Self.latest, using: &random))
      let other = Instant(microseconds: .random(in: Self.earliest...Self.latest, using: &random))
      #expect((one < other) == one.rfc3339.lexicographicallyPrecedes(other.rfc3339))
    }
  }

  @Test(
    "known moments",
    arguments: [
      ("1970-01-01T00:00:00.000000Z", 0),
      ("1969-12-31T23:59:59.999999Z", -1),
      ("2000-02-29T12:00:00.000000Z", 951_825_600_000_000),
      ("2026-11-23T20:30:11.123456Z", 1_795_465_811_123_456),
      ("0000-01-01T00:00:00.000000Z", earliest),
      ("9999-12-31T23:59:59.999999Z", latest),
    ])
  func known(text: String, microseconds: Int64) {
    #expect(Instant(microseconds: microseconds).description == text)
    #expect(Instant(rfc3339: text)?.microseconds == microseconds)
  }

  @Test("leap days exist in leap years only", arguments: [(2024, true), (2023, false), (1900, false), (2000, true)])
  func leapDays(year: Int, exists: Bool) {
    #expect((Instant(rfc3339: "\(year)-02-29T00:00:00Z") != nil) == exists)
    #expect((Instant(rfc3339: "\(year)-02-28T00:00:00Z") != nil))
  }

  @Test("the leap day follows 28 February and comes before 1 March")
  func leapDayOrder() {
    let day: Int64 = 86_400
    let eve = Instant(rfc3339: "2024-02-28T00:00:00Z")
    #expect(eve?.adding(seconds: day).description == "2024-02-29T00:00:00.000000Z")
    #expect(eve?.adding(seconds: 2 * day).description == "2024-03-01T00:00:00.000000Z")
  }

  @Test(
    "an offset moves the instant to UTC",
    arguments: [
      ("2026-11-24T01:30:00+05:30", "2026-11-23T20:00:00.000000Z"),
      ("2026-11-23T12:00:00-08:00", "2026-11-23T20:00:00.000000Z"),
      ("2026-12-31T23:30:00-00:45", "2027-01-01T00:15:00.000000Z"),
      ("2026-11-23t20:00:00z", "2026-11-23T20:00:00.000000Z"),
      ("2026-11-23T20:00:00.5+00:00", "2026-11-23T20:00:00.500000Z"),
      ("2026-11-23T20:00:00.000001-00:00", "2026-11-23T20:00:00.000001Z"),
    ])
  func offsets(text: String, utc: String) {
    #expect(Instant(rfc3339: text)?.description == utc)
  }

  @Test(
    "what is not RFC 3339 is refused",
    arguments: [
      "", "2026", "2026-11-23", "2026-11-23T20:30:11", "2026-11-23 20:30:11Z", "2026-13-01T00:00:00Z",
      "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-32T00:00:00Z",
      "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z",
      "2026-01-01T00:00:00.1234567Z", "2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00+24:00",
      "2026-01-01T00:00:00+00:60", "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00+1", "2026-01-01T00:00:00ZZ",
      "+2026-01-01T00:00:00Z", "-2026-01-01T00:00:00Z", "12026-01-01T00:00:00Z", "2026-1-1T0:0:0Z",
      "2026-01-01T00:00:00 Z", " 2026-01-01T00:00:00Z", "２０２６-01-01T00:00:00Z", "2026-01-01T00:00:00\u{0}Z",
    ])
  func refusals(text: String) {
    #expect(Instant(rfc3339: text) == nil)
  }

  @Test("a text cut off anywhere is refused")
  func truncated() {
    let text = "2026-11-23T20:30:11.123456+01:00"
    for length in 0..<text.count { #expect(Instant(rfc3339: text.prefix(length)) == nil) }
  }

  @Test(
    "an offset that leads out of the years 0000 to 9999 is refused, not moved to another instant",
    arguments: ["0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"])
  func offsetOutOfRange(text: String) {
    #expect(Instant(rfc3339: text) == nil)
  }

  @Test("sums are held at the ends of the range")
  func sums() {
    let now = Instant(microseconds: 1_795_465_811_123_456)
    #expect(now.adding(seconds: -1).microseconds == 1_795_465_810_123_456)
    #expect(now.adding(seconds: .max).microseconds == Self.latest)
    #expect(now.adding(seconds: .min).microseconds == Self.earliest)
    #expect(Instant(microseconds: .max).adding(seconds: 1).microseconds == Self.latest)
    #expect(Instant(microseconds: .min).adding(seconds: -9_223_372_036_854).microseconds == Self.earliest)
  }
}
