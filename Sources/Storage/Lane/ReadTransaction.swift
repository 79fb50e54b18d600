/// A snapshot of the record, for reading.
public final class ReadTransaction {
  let connection: any Connection

  init(connection: any Connection) { self.connection = connection }
}
