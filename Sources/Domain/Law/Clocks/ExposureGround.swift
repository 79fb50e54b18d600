/// How many final removal orders a provider has in the last twelve months: Article 5(4).
///
/// It is a count and nothing more. Two are an example of an objective factor on which an authority may rest a
/// decision; what makes a provider exposed is the decision, which no count takes.
public struct ExposureGround: Sendable, Hashable {
  /// An order that cannot be appealed any more.
  public struct FinalOrder: Sendable, Hashable {
    public let order: Identifier
    public let finalAt: Instant

    public init(order: Identifier, finalAt: Instant) {
      self.order = order
      self.finalAt = finalAt
    }
  }

  /// What the count says; it has no word for "exposed".
  public enum Standing: String, Sendable, Hashable, CaseIterable {
    case belowExample = "below_example"
    /// As many as the Regulation's example names.
    case exampleGround = "example_ground"
  }

  /// How many the Regulation's example names.
  public static let example = 2

  /// Where the window begins; it ends at the instant that was asked for.
  public let from: Instant
  public let through: Instant
  /// The orders in the window, each once, the earliest first.
  public let orders: [FinalOrder]

  /// Counts the orders that became final in the twelve months before `instant`, both ends included.
  ///
  /// The window is read strictly: a period that is counted backwards is not extended by holidays (Article 3(4) of
  /// Regulation 1182/71).
  public init(_ orders: [FinalOrder], at instant: Instant, in calendar: LegalCalendar) {
    let time = calendar.zone.local(instant)
    let day = time.day.adding(months: -12)
    let from = calendar.zone.instant(of: LocalTime(day: day, microsecondOfDay: time.microsecondOfDay))
    self.from = from
    through = instant
    var seen: Set<Identifier> = []
    self.orders = orders.filter { (from...max(from, instant)).contains($0.finalAt) }
      .sorted { $0.finalAt < $1.finalAt }.filter { seen.insert($0.order).inserted }
  }

  public var count: Int { orders.count }

  public var standing: Standing { count >= Self.example ? .exampleGround : .belowExample }
}
