import Domain

extension RangeState {
  /// What is publicly visible of each outlet on that day, as `{"outlets":[…]}`.
  ///
  /// - Parameter day: its first second; an account counts that is up at its last one, or now if that is earlier.
  func postings(day: Int32) -> [UInt8] {
    let end = min(now, day + RangeCalendar.day - 1)
    var sums = Array(repeating: (tenths: 0, accounts: 0, reach: 0), count: InventedOutlet.all.count)
    func count(_ item: WorldItem, _ number: Int, isNew: Bool) {
      guard item.isAccount, item.postedAt <= end, standings[number].downAt > end else { return }
      guard item.fateAt > end || item.fate == .none || item.fate == .replaced else { return }
      sums[Int(item.outlet)].accounts += 1
      // A successor has to find its followers again.
      sums[Int(item.outlet)].reach += isNew ? item.followers / 3 : item.followers
      sums[Int(item.outlet)].tenths += item.dailyTenths
    }
    for (number, item) in world.items.enumerated() { count(item, number, isNew: false) }
    for (number, item) in comebacks.enumerated() { count(item, world.items.count + number, isNew: true) }
    var json = JSONWriter()
    json.object { json in
      json.key("outlets")
      json.array { json in
        for (index, outlet) in InventedOutlet.all.enumerated() {
          // Days differ by a fifth up or down.
          let draw = world.source.draw("day", item: Int(day / RangeCalendar.day), index)
          let posts = sums[index].tenths * (80 + draw.below(41, 0)) / 1_000
          json.object { json in
            json.key("accounts")
            json.integer(Int64(sums[index].accounts))
            json.key("name")
            json.string(outlet.name)
            json.key("posts")
            json.integer(Int64(posts))
            json.key("reach")
            json.integer(Int64(sums[index].reach))
          }
        }
      }
    }
    return json.finish()
  }
}
