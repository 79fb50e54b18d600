public import Domain

/// A journal row as it lies in the table, nothing of it trusted.
public struct StoredEvent: Sendable, Hashable {
  public let index: Int64
  public let subject: [UInt8]
  public let leaf: [UInt8]
  public let facts: [UInt8]
  public let factsSalt: [UInt8]
  /// Nil where there is none or where it was erased.
  public let personal: [UInt8]?
  public let personalSalt: [UInt8]?

  static let columns = "idx, subject, leaf, facts, facts_salt, personal, personal_salt"

  init(_ row: any Row) {
    index = row.integer(0)
    subject = row.blob(1)
    leaf = row.blob(2)
    facts = row.blob(3)
    factsSalt = row.blob(4)
    personal = row.optionalBlob(5)
    personalSalt = row.optionalBlob(6)
  }

  /// The event that it records; throws where the bytes are not what this program writes.
  public func recorded() throws -> RecordedEvent {
    let header = try Leaf(parsing: leaf).header
    return RecordedEvent(
      header: header, event: try EventReader.event(header: header, facts: facts, personal: personal))
  }
}
