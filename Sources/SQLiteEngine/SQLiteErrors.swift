import GRDB
import GRDBSQLite
import Storage

extension StorageError {
  /// What SQLite's result code means to the store; the message is SQLite's own.
  init(sqliteCode code: Int32, message: String) {
    switch code & 0xFF {
    case SQLITE_FULL: self = .full
    case SQLITE_CORRUPT, SQLITE_NOTADB: self = .damaged(message)
    case SQLITE_CONSTRAINT: self = .conflict(message)
    case SQLITE_BUSY, SQLITE_LOCKED: self = .unavailable("another program holds its lock (\(message))")
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN:
      self = .unavailable("it can't be opened for writing (\(message))")
    default: self = .unavailable(message)
    }
  }
}

extension DatabaseError {
  var storageError: StorageError {
    StorageError(sqliteCode: resultCode.rawValue, message: message ?? resultCode.description)
  }
}
