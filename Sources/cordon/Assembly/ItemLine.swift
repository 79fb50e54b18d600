import Domain
import Wire

/// An item on one line.
enum ItemLine {
  static func json(_ item: Item) -> String {
    var json = JSONWriter()
    ItemMessage.write(item, to: &json)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  static func text(_ item: Item) -> String {
    "\(item.id)  \(item.kind.rawValue)  \(item.locator ?? "(erased)")"
      + (item.sightings > 0 ? "  (sighted again \(item.sightings) times)" : "")
  }
}
