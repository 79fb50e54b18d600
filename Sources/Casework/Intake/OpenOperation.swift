import Domain
import Storage

extension Desk {
  /// The caller's operation of this name, opened where there is none; nil for no name.
  func operation(named given: String?, as caller: Caller, in tx: WriteTransaction) throws -> ID<Operation>? {
    guard let given else { return nil }
    let name = try Self.checked(given, "operation")
    let digest = keys.digests.name(name, purpose: .operation)
    if let operation = try tx.reading.operation(nameDigest: digest, of: caller.user.agency) { return operation }
    try caller.confirm(.openOperations, in: tx.reading, at: tx.now)
    let operation = ID<Operation>(tx.makeIdentifier())
    try tx.record(OperationOpened(operation: operation, agency: caller.user.agency, nameDigest: digest, name: name))
    return operation
  }
}
