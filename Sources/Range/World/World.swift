/// Everything that is the same each time for one seed and number of reports; it never changes.
package struct World: Sendable {
  package let source: SeededSource
  var items: [WorldItem]
  var addresses: AddressTable
  /// In the order of time; a report's number is its place.
  var reports: [PlannedReport]

  /// How many items are reported.
  package var itemCount: Int { items.count }

  package func address(_ item: Int) -> String { addresses[item] }

  package func provider(_ item: Int) -> RangeProvider { items[item].provider }

  /// The account's name that stands in the addresses of its posts.
  func accountName(_ item: Int) -> String {
    let frame = items[item].provider.accountFrame
    return String(addresses[item].dropFirst(frame.before.count).dropLast(frame.behind.count))
  }
}

/// A report that a unit will make.
struct PlannedReport: Sendable {
  let at: Int32
  let item: Int32
  let unit: UInt8
  /// 0: the canonical address; otherwise another spelling of it.
  let spelling: UInt32
}
