import Domain

/// What a visitor of an address finds.
enum PageView {
  case nowhere
  case up(WorldItem, isReplaced: Bool)
  /// It leads to this address.
  case moved(String)
  case gone(GoneLook)
}

extension RangeState {
  func item(_ number: Int) -> WorldItem {
    number < world.items.count ? world.items[number] : comebacks[number - world.items.count]
  }

  func address(_ number: Int) -> String {
    number < world.items.count ? world.addresses[number] : comebackAddresses[number - world.items.count]
  }

  func find(_ address: String) -> Int? {
    world.addresses.find(address) ?? comebackAddresses.find(address).map { $0 + world.items.count }
  }

  func view(_ number: Int) -> PageView {
    let item = item(number)
    let standing = standings[number]
    if standing.downAt <= now { return .gone(standing.look) }
    guard isVirtual else { return .up(item, isReplaced: false) }
    if item.postedAt > now { return .nowhere }
    guard item.fateAt <= now else { return .up(item, isReplaced: false) }
    switch item.fate {
    case .none: return .up(item, isReplaced: false)
    case .replaced: return .up(item, isReplaced: true)
    case .vanishes:
      let draw = world.source.draw("vanished", item: number)
      return .gone(GoneLook(item.provider, .removed, isAccount: item.isAccount, draw))
    case .moved:
      guard let target = neighbour(of: number) else { return .gone(.notFound) }
      return .moved(world.addresses[target])
    }
  }

  func isUp(_ number: Int) -> Bool {
    if case .up = view(number) { true } else { false }
  }

  /// Another item on the same provider that is up; the search is short, because every provider has its share.
  private func neighbour(of number: Int) -> Int? {
    let provider = item(number).provider
    let start = world.source.draw("neighbour", item: number).below(world.items.count, 0)
    for step in 0..<min(2_000, world.items.count) {
      let candidate = (start + step) % world.items.count
      let item = world.items[candidate]
      if candidate != number, item.provider == provider, item.fate == .none, item.postedAt <= now,
        standings[candidate].downAt > now
      {
        return candidate
      }
    }
    return nil
  }
}
