import Locators
package import NIOCore
import Synchronization

extension RangeEngine {
  /// Answers a look at a page.
  package func page(host: String, path: String, _ writer: PageWriter, into buffer: inout ByteBuffer) {
    let address = "https://" + host + path
    if let (number, view) = look(at: address) {
      return write(view, of: number, writer, into: &buffer)
    }
    guard let provider = hosts.provider(of: host), let main = hosts.main[provider] else {
      return writer.plain(status: 421, title: "Wrong host", sentence: "Nobody here has this name.", into: &buffer)
    }
    if host == main, let sentence = Self.fixedPages[path] {
      return writer.plain(status: 200, title: provider.name, sentence: sentence, into: &buffer)
    }
    // Another spelling of an address leads to the one that it has.
    if let url = try? WebURL(address), let locator = try? canonicalizer.locate(url), locator.text != address,
      look(at: locator.text) != nil
    {
      return writer.plain(
        status: 301, location: locator.text, title: "Moved", sentence: "This has another address.", into: &buffer)
    }
    writer.plain(status: 404, title: "Not found", sentence: "Nothing is at this address.", into: &buffer)
  }

  private static let fixedPages = [
    "/": "Welcome. Look around, or search for something.",
    "/login": "Please sign in to go on.",
    "/discover": "What others listened to this week.",
  ]

  private func look(at address: String) -> (Int, PageView)? {
    let number = world.addresses.find(address)
    return shared.withLock { shared in
      guard let number = number ?? shared.state.find(address) else { return nil }
      return (number, shared.state.view(number))
    }
  }

  private func write(_ view: PageView, of number: Int, _ writer: PageWriter, into buffer: inout ByteBuffer) {
    switch view {
    case .up(let item, let isReplaced): writer.item(item, isReplaced: isReplaced, into: &buffer)
    case .nowhere:
      writer.plain(status: 404, title: "Not found", sentence: "Nothing is at this address.", into: &buffer)
    case .moved(let address):
      writer.plain(status: 301, location: address, title: "Moved", sentence: "This has another address.", into: &buffer)
    case .gone(let look):
      let provider = shared.withLock { $0.state.item(number).provider }
      writer.plain(
        status: look.status, location: look.path.map { "https://" + (hosts.main[provider] ?? "") + $0 },
        title: provider.name, sentence: look.sentence(provider), into: &buffer)
    }
  }
}
