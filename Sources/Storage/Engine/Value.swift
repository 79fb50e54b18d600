public import Domain

/// A value of a row, in the few types that SQLite and PostgreSQL share.
public enum Value: Sendable, Hashable {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])
  /// Sixteen bytes, most significant first.
  case identifier(Identifier)

  public static func optional(_ value: Int64?) -> Value { value.map(Value.integer) ?? .null }
  public static func optional(_ value: String?) -> Value { value.map(Value.text) ?? .null }
  public static func optional(_ value: Identifier?) -> Value { value.map(Value.identifier) ?? .null }
  /// 1 where there is a value, else 0: a parameter that is only asked whether it is NULL has no type to PostgreSQL.
  static func isGiven(_ value: (some Any)?) -> Value { .integer(value == nil ? 0 : 1) }
  public static func instant(_ value: Instant) -> Value { .integer(value.microseconds) }
}

/// The row under a cursor; columns are counted from 0.
public protocol Row {
  func isNull(_ column: Int) -> Bool
  func integer(_ column: Int) -> Int64
  func text(_ column: Int) -> String
  func blob(_ column: Int) -> [UInt8]
  /// The value in whatever type it is stored.
  func value(_ column: Int) -> Value
}

extension Row {
  public func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
  public func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
  public func optionalBlob(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }
  public func instant(_ column: Int) -> Instant { Instant(microseconds: integer(column)) }

  /// A sixteen-byte column; throws when it holds anything else.
  public func identifier(_ column: Int) throws -> Identifier {
    guard let identifier = Identifier(bytes: blob(column)) else {
      throw StorageError.damaged("an identifier column does not hold sixteen bytes")
    }
    return identifier
  }
}
