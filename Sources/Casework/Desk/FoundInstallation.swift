public import Domain
import Storage

extension Desk {
  /// Records the founding of a new installation; where there is one already, nothing happens.
  ///
  /// Returns the owner: whoever may open the database file itself.
  ///
  /// - Parameter installation: the new installation's identifier; drawn when it is not given.
  @discardableResult
  public func foundInstallation(agencyName: String, installation: ID<Installation>? = nil) async throws -> User {
    if let owner = try await store.read({ try $0.owner() }) { return owner }
    let event = InstallationFounded(
      installation: installation ?? makeID(), agency: makeID(), owner: makeID(), agencyName: agencyName)
    return try await store.write(as: event.owner) { tx in
      // Two processes may have found the database empty at once.
      if try tx.reading.owner() == nil { try tx.record(event) }
      guard let owner = try tx.reading.owner() else { throw StorageError.damaged("the installation has no owner") }
      return owner
    }
  }
}
