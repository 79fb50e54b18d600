public import Domain

/// Finds the compact row key behind an identifier, and remembers it for the transaction.
struct RowKeys {
  private var known: [Identifier: Int64] = [:]

  mutating func row(of agency: ID<Agency>, on connection: any Connection) throws -> Int64 {
    try row(of: agency.identifier, in: "agencies", on: connection)
  }

  mutating func row(of user: ID<User>, on connection: any Connection) throws -> Int64 {
    try row(of: user.identifier, in: "users", on: connection)
  }

  mutating func row(of provider: ID<Provider>, on connection: any Connection) throws -> Int64 {
    try row(of: provider.identifier, in: "providers", on: connection)
  }

  mutating func row(of operation: ID<Operation>, on connection: any Connection) throws -> Int64 {
    try row(of: operation.identifier, in: "operations", on: connection)
  }

  mutating func row(of outlet: ID<Outlet>, on connection: any Connection) throws -> Int64 {
    try row(of: outlet.identifier, in: "outlets", on: connection)
  }

  mutating func row(of caseFile: ID<CaseFile>, on connection: any Connection) throws -> Int64 {
    try row(of: caseFile.identifier, in: "cases", on: connection)
  }

  private mutating func row(
    of identifier: Identifier, in table: String, on connection: any Connection
  ) throws -> Int64 {
    if let row = known[identifier] { return row }
    let row = try connection.first("SELECT row FROM \(table) WHERE id = ?", [.identifier(identifier)]) {
      $0.integer(0)
    }
    guard let row else { throw ProjectionFault.unknownReference(table: table, identifier) }
    // A replay of millions of providers must not keep them all.
    if known.count >= 65_536 { known.removeAll(keepingCapacity: true) }
    known[identifier] = row
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
