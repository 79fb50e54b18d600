public import Domain
import Locators
import Storage

extension Desk {
  /// Items at these addresses that the caller may see, however they are written; nil where there is none.
  public func items(at addresses: [String], as caller: Caller) async throws -> [ID<Item>?] {
    let digests = addresses.map { address in
      (try? locators.locate(reported: Array(address.utf8))).map { keys.digests.locator($0.utf8) }
    }
    return try await store.read { [now = clock.now()] tx in
      try caller.confirm(.readItems, in: tx, at: now)
      let seen = try tx.visibleItems(at: digests.compactMap(\.self), for: caller.viewer)
      return digests.map { $0.flatMap { seen[$0] } }
    }
  }
}
