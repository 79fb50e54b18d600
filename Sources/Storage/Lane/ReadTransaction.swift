/// A snapshot of the record, for reading.
public final class ReadTransaction {
  let connection: any Connection
  /// What a writer knows already; a snapshot begins with nothing.
  let keys: RowKeys

  init(connection: any Connection, keys: RowKeys = RowKeys()) {
    self.connection = connection
    self.keys = keys
  }
}
