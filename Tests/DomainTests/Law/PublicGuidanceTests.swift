import Domain
import Testing

/// Mistakes that stand in public guidance, each with what the Regulation says.
@Suite("Mistakes in public guidance")
struct PublicGuidanceTests {
  private let belgium = Places.belgium

  @Test("Article 4(1): a guide has the copy within 48 hours; it is due with the order")
  func copyWithin48Hours() throws {
    let sent = try instant("2026-11-25T10:17:30+01:00")
    let clock = LegalClock.copy.start(at: sent, in: belgium)
    #expect(clock.stage(at: sent.adding(seconds: 1)) == .over)
    #expect(clock.target != sent.adding(seconds: 48 * 3_600))
  }

  @Test("Article 4(4): a guide has the request within 72 hours; it is 48, and 72 are the authority's")
  func requestWithin72Hours() throws {
    let received = try instant("2026-11-25T10:00:00+01:00")
    let request = LegalClock.scrutinyRequest.start(at: received, in: belgium)
    #expect(request.stage(at: received.adding(seconds: 72 * 3_600 - 1)) == .over)
    #expect(LegalClock.scrutinyRequest.rule.period == .hours(48))
    #expect(LegalClock.requestedScrutiny.rule.period == .hours(72))
  }

  @Test("Article 5(4): a guide takes two final orders for exposure; they are an example of a ground for a decision")
  func twoFinalOrdersAreNoDecision() throws {
    let at = try instant("2026-11-25T10:00:00+01:00")
    let orders = try (1...5).map { number in
      ExposureGround.FinalOrder(order: try order(number), finalAt: at.adding(seconds: Int64(-number) * 86_400))
    }
    let ground = ExposureGround(orders, at: at, in: belgium)
    #expect(ground.count == 5)
    #expect(ground.standing == .exampleGround)
    // No count has a word for it; a decision is another thing, made by a person.
    #expect(ExposureGround.Standing.allCases.map(\.rawValue) == ["below_example", "example_ground"])
  }

  @Test("Article 5(4): one final order is below the example, as are two with one outside the window")
  func belowTheExample() throws {
    let at = try instant("2026-11-25T10:00:00+01:00")
    let inside = ExposureGround.FinalOrder(order: try order(1), finalAt: try instant("2025-11-25T10:00:00+01:00"))
    let outside = ExposureGround.FinalOrder(
      order: try order(2), finalAt: try instant("2025-11-25T09:59:59.999999+01:00"))
    let later = ExposureGround.FinalOrder(order: try order(3), finalAt: at.adding(seconds: 1))
    let ground = ExposureGround([inside, outside, later], at: at, in: belgium)
    #expect(ground.orders == [inside])
    #expect(ground.standing == .belowExample)
  }

  @Test("Article 5(4): one order counts once, however often it is reported final")
  func countedOnce() throws {
    let at = try instant("2026-11-25T10:00:00+01:00")
    let final = ExposureGround.FinalOrder(order: try order(1), finalAt: at)
    let again = ExposureGround.FinalOrder(order: try order(1), finalAt: at.adding(seconds: -60))
    #expect(ExposureGround([final, again], at: at, in: belgium).count == 1)
  }

  @Test("Article 5(4): the window survives a leap day and the ends of time")
  func windowExtremes() throws {
    let leap = ExposureGround([], at: try instant("2028-02-29T10:00:00+01:00"), in: belgium)
    #expect(leap.from == (try instant("2027-02-28T10:00:00+01:00")))
    for extreme in [Int64.min, .max] {
      #expect(ExposureGround([], at: Instant(microseconds: extreme), in: belgium).count == 0)
    }
  }

  private func order(_ number: Int) throws -> Identifier {
    let digits = String(number)
    let zeros = String(repeating: "0", count: 12 - digits.count)
    return try #require(Identifier("01900000-0000-7000-8000-\(zeros)\(digits)"))
  }
}
