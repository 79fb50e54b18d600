import Domain

/// What happens to an item by itself, besides what a provider decides.
enum ItemFate: UInt8, Sendable {
  case none
  /// It is gone one day, and nobody asked for it.
  case vanishes
  /// Another page stands at its address.
  case replaced
  /// Its address leads to another one.
  case moved
}

/// One item, as small as can be; there are hundreds of thousands.
struct WorldItem: Sendable {
  static let nobody: Int32 = -1

  var provider: RangeProvider
  var kind: ItemKind
  var outlet: UInt8
  /// The unit that finds it.
  var unit: UInt8 = 0
  var fate = ItemFate.none
  /// The item's number of the account that posted it.
  var owner = WorldItem.nobody
  var postedAt: Int32
  var fateAt = Int32.max
  var title: UInt32

  var isAccount: Bool { owner == WorldItem.nobody && kind == provider.accountKind }

  /// How many follow an account: a few have many.
  var followers: Int {
    let spread = Int(title % 1_000)
    return 40 + spread * spread * spread / 60_000
  }

  /// How many tenths of a post an account makes a day.
  var dailyTenths: Int { 5 + Int(title / 1_000 % 45) }
}
