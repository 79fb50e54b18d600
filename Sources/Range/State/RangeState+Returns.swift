import Domain
import Glibc

/// Something that came back, as people who watch find it.
struct FoundReturn {
  let at: Int32
  let item: Int32
  let original: Int32
  let relation: Comeback.Relation
}

extension RangeState {
  /// Decides whether what was just removed comes back, and where and when.
  mutating func planComebacks(_ number: Int) {
    let generation = standings[number].removals
    standings[number].removals = min(generation, 254) + 1
    let item = item(number)
    let draw = world.source.draw("comeback", Array(address(number).utf8), Int(generation))
    let relation: Comeback.Relation
    let meanDays: Double
    if item.provider != .mosaic, item.provider != .strata, draw.hits(perMillion: 20_000, 0) {
      (relation, meanDays) = (.reappeared, 6)
    } else if item.isAccount {
      guard draw.hits(perMillion: 300_000, 1) else { return }
      (relation, meanDays) = (.successor, 9)
    } else {
      guard draw.hits(perMillion: 120_000, 1) else { return }
      (relation, meanDays) = (.copy, 14)
    }
    // Most come back soon, some late.
    let seconds = -log(1 - draw.fraction(2)) * meanDays * 86_400
    let second = now + RangeCalendar.quarter + Int32(min(seconds, 200 * 86_400))
    let at = isVirtual ? RangeCalendar.quarter(atOrAfter: second) : second
    guard !isVirtual || at < RangeCalendar.end else { return }
    due.add(.comeback(Comeback(relation: relation, original: Int32(number), generation: generation)), at: at)
  }

  mutating func bringBack(_ comeback: Comeback) {
    let original = Int(comeback.original)
    // Put back up by its provider meanwhile: nobody has a reason to.
    guard standings[original].downAt <= now else { return }
    if comeback.relation == .reappeared {
      standings[original].downAt = .max
      standings[original].downBy = WorldItem.nobody
      found.append(
        FoundReturn(at: now, item: comeback.original, original: comeback.original, relation: .reappeared))
      return
    }
    let number = publish(comeback)
    found.append(
      FoundReturn(at: now, item: Int32(number), original: comeback.original, relation: comeback.relation))
  }

  /// Puts the new page up and gives its number.
  private mutating func publish(_ comeback: Comeback) -> Int {
    let original = item(Int(comeback.original))
    let text = address(Int(comeback.original))
    var attempt = 0
    while true {
      let draw = world.source.draw("copy", Array(text.utf8), Int(comeback.generation) << 8 | attempt)
      attempt += 1
      var item = WorldItem(
        provider: original.provider, kind: original.kind, outlet: original.outlet, unit: original.unit,
        postedAt: now, title: original.title)
      let maker = AddressMaker(draw: draw)
      let address: String
      if comeback.relation == .successor {
        item.title = draw.lane(1)
        address = maker.account(on: item.provider, outlet: Int(item.outlet))
      } else {
        (item.provider, item.kind) = Self.refuge(draw, isArchived: original.provider == .strata)
        address = maker.content(item.kind, on: item.provider, account: "", original: text, postedAt: now)
      }
      guard world.addresses.find(address) == nil, comebackAddresses.add(address) != nil else { continue }
      comebacks.append(item)
      standings.append(Standing())
      return standings.count - 1
    }
  }

  /// Where copies turn up: where nobody has to sign.
  private static func refuge(_ draw: Draw, isArchived: Bool) -> (RangeProvider, ItemKind) {
    switch draw.below(100, 0) {
    case 0..<30: isArchived ? (.scrap, .document) : (.strata, .archiveCopy)
    case 30..<55: (.wave, .video)
    case 55..<75: (.scrap, .document)
    case 75..<88: (.depot, .file)
    default: (.pigeon, .post)
    }
  }

  /// What was found with `from` <= at < `to`, one JSON object a line.
  func returnLines(from: Int32, to: Int32) -> [UInt8] {
    var json = JSONWriter(reserving: 1_024)
    let chosen = found.filter { $0.at >= from && $0.at < to }.map { (address: address(Int($0.item)), found: $0) }
    for (address, found) in chosen.sorted(by: { ($0.found.at, $0.address) < ($1.found.at, $1.address) }) {
      let item = item(Int(found.item))
      json.object { json in
        json.key("address")
        json.string(address)
        json.key("at")
        json.instant(RangeCalendar.instant(found.at))
        json.key("of")
        json.string(self.address(Int(found.original)))
        json.key("relation")
        json.string(found.relation.rawValue)
        json.key("title")
        json.string(Wording.title(item.title))
        json.key("unit")
        json.string(ReportingUnit.names[Int(item.unit)])
      }
      json.endLine()
    }
    return json.finish()
  }
}
