import GRDB
import GRDBSQLite
import Storage

extension StorageError {
  /// What SQLite's result code means to the store; the message is SQLite's own.
  init(sqliteCode code: Int32, message: String) {
    switch code & 0xFF {
    // A quota or a limit of file sizes is a full disk by another name, which SQLite calls an I/O error.
    case SQLITE_IOERR where Self.failedToGrow.contains(code): self = .full
    case SQLITE_FULL: self = .full
    case SQLITE_IOERR: self = .inputOutput(message)
    case SQLITE_CORRUPT, SQLITE_NOTADB: self = .damaged(message)
    case SQLITE_CONSTRAINT: self = .conflict(message)
    case SQLITE_BUSY, SQLITE_LOCKED: self = .unavailable("another program holds its lock (\(message))")
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN:
      self = .unavailable("it can't be opened for writing (\(message))")
    default: self = .unavailable(message)
    }
  }
}

extension StorageError {
  // SQLITE_IOERR_WRITE, SQLITE_IOERR_TRUNCATE and SQLITE_IOERR_SHMSIZE, which are macros that Swift can't read.
  fileprivate static let failedToGrow: [Int32] = [3, 6, 19].map { SQLITE_IOERR | $0 << 8 }
}

extension DatabaseError {
  var storageError: StorageError {
    StorageError(sqliteCode: extendedResultCode.rawValue, message: message ?? resultCode.description)
  }
}
