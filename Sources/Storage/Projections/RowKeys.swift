public import Domain

/// Finds the compact row key behind an identifier, and remembers it.
///
/// A row key is the journal index of the event that made the row, and never changes: what one commit has found, the
/// next need not ask for. Only what was found in a body that was undone is forgotten.
final class RowKeys {
  /// What has been found, to be handed from one commit to the next.
  private(set) var known: [Identifier: Int64]

  init(known: [Identifier: Int64] = [:]) { self.known = known }

  func forget() { known.removeAll(keepingCapacity: true) }

  /// Nil where there is no such row.
  func find(_ identifier: Identifier, in table: String, on connection: any Connection) throws -> Int64? {
    if let row = known[identifier] { return row }
    let row = try connection.first("SELECT row FROM \(table) WHERE id = ?", [.identifier(identifier)]) {
      $0.integer(0)
    }
    guard let row else { return nil }
    // A replay of millions of providers must not keep them all.
    if known.count >= 65_536 { known.removeAll(keepingCapacity: true) }
    known[identifier] = row
    return row
  }

  func row(of agency: ID<Agency>, on connection: any Connection) throws -> Int64 {
    try row(of: agency.identifier, in: "agencies", on: connection)
  }

  func row(of user: ID<User>, on connection: any Connection) throws -> Int64 {
    try row(of: user.identifier, in: "users", on: connection)
  }

  func row(of provider: ID<Provider>, on connection: any Connection) throws -> Int64 {
    try row(of: provider.identifier, in: "providers", on: connection)
  }

  func row(of operation: ID<Operation>, on connection: any Connection) throws -> Int64 {
    try row(of: operation.identifier, in: "operations", on: connection)
  }

  func row(of outlet: ID<Outlet>, on connection: any Connection) throws -> Int64 {
    try row(of: outlet.identifier, in: "outlets", on: connection)
  }

  func row(of caseFile: ID<CaseFile>, on connection: any Connection) throws -> Int64 {
    try row(of: caseFile.identifier, in: "cases", on: connection)
  }

  private func row(of identifier: Identifier, in table: String, on connection: any Connection) throws -> Int64 {
    guard let row = try find(identifier, in: table, on: connection) else {
      throw ProjectionFault.unknownReference(table: table, identifier)
    }
    return row
  }
}

/// Why an event can't be applied: it speaks of something that no earlier event made.
public enum ProjectionFault: Error, Sendable, Hashable, CustomStringConvertible {
  case unknownReference(table: String, Identifier)

  public var description: String {
    switch self {
    case .unknownReference(let table, let identifier): "no row of \(table) has the identifier \(identifier)"
    }
  }
}
