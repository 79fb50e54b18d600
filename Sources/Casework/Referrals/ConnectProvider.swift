import Domain
import Locators
import Storage

extension Desk {
  /// Makes a user of the role `provider` the desk of a provider: it may answer what was referred to that one.
  ///
  /// The provider is named by its pack; where nothing of it is on record yet it is registered.
  public func connectProvider(pack: String, to name: String, as caller: Caller) async throws {
    try caller.require(.manageUsers)
    guard locators.packs.pack(named: pack) != nil else {
      throw Refusal.notFound("provider pack \(pack): `cordon provider list` shows them")
    }
    let nameDigest = keys.digests.name(name, purpose: .user)
    let provider = keys.digests.provider(.pack(pack))
    try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.manageUsers, in: tx.reading, at: tx.now)
      guard let user = try tx.reading.user(nameDigest: nameDigest), user.roles == [.provider] else {
        throw Refusal.notFound("user of this name who has the role provider and no other")
      }
      guard try tx.reading.provider(ofDesk: user.id) == nil else { throw Refusal.taken("the user's provider") }
      if try !tx.reading.hasProvider(provider) {
        try tx.record(ProviderRegistered(provider: provider, pack: pack, name: pack))
      }
      try tx.record(ProviderDeskOpened(provider: provider, user: user.id))
    }
  }
}
