public import Domain
import Storage

extension Desk {
  /// Opens an operation; its agency takes part from the start. Throws ``Refusal/taken(_:)`` for a name that it has used.
  public func openOperation(_ name: String, as caller: Caller) async throws -> ID<Operation> {
    try caller.require(.openOperations)
    let name = try Self.checked(name, "operation")
    let digest = keys.digests.name(name, purpose: .operation)
    return try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.openOperations, in: tx.reading, at: tx.now)
      guard try tx.reading.operation(nameDigest: digest, of: caller.user.agency) == nil else {
        throw Refusal.taken("the operation's name")
      }
      let operation = ID<Operation>(tx.makeIdentifier())
      try tx.record(
        OperationOpened(operation: operation, agency: caller.user.agency, nameDigest: digest, name: name))
      return operation
    }
  }

  /// Lets another agency of the installation take part.
  public func join(_ agencyName: String, to operation: ID<Operation>, as caller: Caller) async throws {
    let digest = keys.digests.name(agencyName, purpose: .agency)
    try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.manageOperations, in: tx.reading, at: tx.now)
      try Self.requireOwn(operation, of: caller, in: tx.reading)
      guard let agency = try tx.reading.agency(nameDigest: digest) else { throw Refusal.notFound("such agency") }
      // Joining twice is no error, and the journal needs to know of it once.
      if try tx.reading.participants(of: operation).contains(where: { $0.id == agency.id }) { return }
      try tx.record(OperationJoined(operation: operation, agency: agency.id))
    }
  }

  /// Agrees the moment at which what waits for it leaves together; nil calls it off.
  public func setHHour(_ hHour: Instant?, of operation: ID<Operation>, as caller: Caller) async throws {
    try await store.write(as: caller.user.id) { tx in
      try caller.confirm(.manageOperations, in: tx.reading, at: tx.now)
      try Self.requireOwn(operation, of: caller, in: tx.reading)
      if let hHour, hHour < tx.now { throw Refusal.invalid("the H-hour has passed already") }
      try tx.record(HHourSet(operation: operation, hHour: hHour))
    }
  }

  /// Throws unless the caller's agency opened it: who takes part may work in it, not steer it.
  private static func requireOwn(_ id: ID<Operation>, of caller: Caller, in tx: ReadTransaction) throws {
    guard let operation = try tx.operation(id, of: caller.user.agency) else {
      throw Refusal.notFound("such operation")
    }
    guard operation.agency == caller.user.agency else {
      throw Refusal.notNow("the agency that opened the operation steers it")
    }
  }
}
