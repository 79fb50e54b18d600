import Domain
import Storage

/// What things are called on a page when the record knows no name for them any more.
enum Names {
  static func provider(_ provider: Provider?, _ words: Words) -> Node {
    guard let name = provider?.name ?? provider?.pack else { return el("span") { words("name.provider") } }
    return foreign(name)
  }

  static func operation(_ operation: Operation?, _ words: Words) -> Node {
    guard let name = operation?.name else { return el("span") { words("name.operation") } }
    return foreign(name)
  }

  /// The address, as text: nothing on a page leads there.
  static func locator(_ locator: String?, _ words: Words) -> Node {
    guard let locator else { return el("span", .class("faint")) { words("name.erased") } }
    return foreign(locator, .class("locator"))
  }
}
