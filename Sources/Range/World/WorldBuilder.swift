import Domain

extension World {
  /// - Parameters:
  ///   - reports: how many reports the four days bring; a tenth of them name an item again.
  ///   - isVirtual: in real time every item is up from the start and nothing happens by itself.
  package init(seed: String, reports: Int, isVirtual: Bool = true) {
    var builder = WorldBuilder(source: SeededSource(seed: seed), reports: reports)
    builder.placeItems()
    builder.writeAddresses()
    if isVirtual { builder.decideFates() }
    builder.planReports()
    self.init(
      source: builder.source, items: builder.items, addresses: builder.addresses, reports: builder.reports)
  }
}

/// Builds a world in steps, each of which reads only what the steps before it made.
private struct WorldBuilder {
  let source: SeededSource
  let reportCount: Int
  var items: [WorldItem] = []
  var addresses: AddressTable
  var reports: [PlannedReport] = []
  private var accounts: [[Int32]] = Array(repeating: [], count: RangeProvider.allCases.count)

  init(source: SeededSource, reports: Int) {
    self.source = source
    reportCount = reports
    addresses = AddressTable(expecting: reports)
  }

  private var itemCount: Int { reportCount - reportCount / 10 }

  /// Who is where, what it is, and since when.
  mutating func placeItems() {
    items.reserveCapacity(itemCount)
    for number in 0..<itemCount {
      let draw = source.draw("item", item: number)
      let provider = Self.provider(draw.below(100, 0))
      var item = WorldItem(
        provider: provider, kind: .page, outlet: UInt8(draw.below(InventedOutlet.all.count, 1)),
        postedAt: RangeCalendar.begin, title: draw.lane(2))
      let ownersHere = accounts[Int(provider.rawValue)].count
      // Whatever has owners begins with one.
      if let kind = provider.accountKind, ownersHere == 0 || draw.hits(perMillion: 108_000, 3) {
        item.kind = kind
        // Most were there before anybody looked.
        if draw.hits(perMillion: 150_000, 4) { item.postedAt += Int32(draw.below(80 * 86_400, 5)) }
        accounts[Int(provider.rawValue)].append(Int32(number))
      } else {
        item.kind = draw.below(12, 6) == 0 ? provider.contentKinds.other : provider.contentKinds.usual
        item.postedAt += Int32(draw.below(94 * 86_400 - 7_200, 5))
      }
      items.append(item)
    }
    for number in items.indices where !accounts[Int(items[number].provider.rawValue)].isEmpty {
      guard items[number].kind != items[number].provider.accountKind else { continue }
      let owners = accounts[Int(items[number].provider.rawValue)]
      let owner = owners[source.draw("owner", item: number).below(owners.count, 0)]
      items[number].owner = owner
      items[number].outlet = items[Int(owner)].outlet
    }
  }

  private static func provider(_ percent: Int) -> RangeProvider {
    var rest = percent
    for provider in RangeProvider.allCases {
      if rest < provider.share { return provider }
      rest -= provider.share
    }
    return .wave
  }

  mutating func writeAddresses() {
    // Numbers are given in the order of adding, so that every address is made before the table is filled: those of
    // accounts first, then what they own, and copies of others last.
    var texts = Array(repeating: "", count: items.count)
    var taken: Set<String> = []
    taken.reserveCapacity(items.count)
    func settle(_ number: Int, _ make: (AddressMaker) -> String) {
      var attempt = 0
      var text = make(AddressMaker(draw: source.draw("address", item: number)))
      while !taken.insert(text).inserted {
        attempt += 1
        text = make(AddressMaker(draw: source.draw("address", item: number, attempt)))
      }
      texts[number] = text
    }
    for number in items.indices where items[number].isAccount {
      settle(number) { $0.account(on: items[number].provider, outlet: Int(items[number].outlet)) }
    }
    for number in items.indices where !items[number].isAccount && items[number].provider != .strata {
      let item = items[number]
      let owner = item.owner == WorldItem.nobody ? "" : name(of: texts[Int(item.owner)], on: item.provider)
      settle(number) {
        $0.content(item.kind, on: item.provider, account: owner, original: "", postedAt: item.postedAt)
      }
    }
    let originals = items.indices.filter { items[$0].provider != .strata }
    for number in items.indices where items[number].provider == .strata {
      let item = items[number]
      let original =
        originals.isEmpty
        ? "https://www.wave.example/watch?v=first"
        : texts[originals[source.draw("original", item: number).below(originals.count, 0)]]
      var shift: Int32 = 0
      settle(number) { maker in
        defer { shift += 1 }
        return maker.content(
          item.kind, on: .strata, account: "", original: original, postedAt: item.postedAt + shift)
      }
    }
    for text in texts { _ = addresses.add(text) }
  }

  private func name(of address: String, on provider: RangeProvider) -> String {
    String(address.dropFirst(provider.accountFrame.before.count).dropLast(provider.accountFrame.behind.count))
  }

  mutating func decideFates() {
    for number in items.indices {
      let draw = source.draw("fate", item: number)
      switch draw.below(1_000, 0) {
      case 0..<10: items[number].fate = .vanishes
      case 10..<15: items[number].fate = .replaced
      case 15..<20: items[number].fate = .moved
      default: continue
      }
      let from = items[number].postedAt + RangeCalendar.day
      items[number].fateAt = from + Int32(draw.below(Int(RangeCalendar.end - from), 1))
    }
  }

  /// First reports of every item, and then some again.
  mutating func planReports() {
    var firsts: [PlannedReport] = []
    firsts.reserveCapacity(itemCount)
    for number in items.indices {
      let draw = source.draw("report", item: number)
      // What is posted during the four days is found afterwards.
      let all = RangeCalendar.actionDays * Self.quartersADay
      let first = Self.workingNumber(notBefore: items[number].postedAt)
      let at = Self.workingQuarter(first + draw.below(all - first, 0))
      let unit = UInt8(draw.below(ReportingUnit.names.count, 1))
      items[number].unit = unit
      firsts.append(
        PlannedReport(at: at, item: Int32(number), unit: unit, spelling: 0))
      // What would be posted after the last report was posted before it.
      items[number].postedAt = min(items[number].postedAt, Self.lastQuarter - 60)
    }
    reports = firsts
    for again in 0..<(items.isEmpty ? 0 : reportCount / 10) {
      let draw = source.draw("again", item: again)
      let first = firsts[draw.below(firsts.count, 0)]
      let from = Self.workingNumber(first.at)
      let left = RangeCalendar.actionDays * Self.quartersADay - from
      let other = (Int(first.unit) + 1 + draw.below(ReportingUnit.names.count - 1, 2)) % ReportingUnit.names.count
      reports.append(
        PlannedReport(
          at: Self.workingQuarter(from + draw.below(left, 1)), item: first.item,
          unit: draw.hits(perMillion: 800_000, 3) ? first.unit : UInt8(other), spelling: draw.lane(4) | 1))
    }
    // A repetition comes behind the first report, which has no spelling of its own; all else is drawn.
    reports.sort {
      ($0.at, $0.spelling == 0 ? 0 : 1, $0.item, $0.spelling) < ($1.at, $1.spelling == 0 ? 0 : 1, $1.item, $1.spelling)
    }
  }

  // From eight until six, in whole quarters.
  private static let quartersADay = 40
  private static let lastQuarter = workingQuarter(RangeCalendar.actionDays * quartersADay - 1)

  private static func workingQuarter(_ number: Int) -> Int32 {
    let (day, quarter) = number.quotientAndRemainder(dividingBy: quartersADay)
    return Int32(day) * RangeCalendar.day + 8 * 3_600 + Int32(quarter) * RangeCalendar.quarter
  }

  private static func workingNumber(_ second: Int32) -> Int {
    Int(second / RangeCalendar.day) * quartersADay
      + Int((second % RangeCalendar.day - 8 * 3_600) / RangeCalendar.quarter)
  }

  /// The number of the first working quarter from this second on, or of the last one.
  private static func workingNumber(notBefore second: Int32) -> Int {
    let (day, rest) = max(0, second).quotientAndRemainder(dividingBy: RangeCalendar.day)
    let quarter = (max(0, rest - 8 * 3_600) + RangeCalendar.quarter - 1) / RangeCalendar.quarter
    let number = Int(day) * quartersADay + min(Int(quarter), quartersADay)
    return min(number, RangeCalendar.actionDays * quartersADay - 1)
  }
}
