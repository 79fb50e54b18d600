/// Why the record could not be read or written; nothing was half done.
public enum StorageError: Error, Sendable, Hashable {
  /// The database can't be reached: missing, locked by another program, without rights.
  case unavailable(String)
  /// The disk is full; nothing of the write was kept.
  case full
  /// The disk did not do what it was asked; nothing of the write was kept.
  case inputOutput(String)
  /// A write failed before, for this reason: this process writes nothing any more.
  case closed(String)
  /// The bytes are not what was written.
  case damaged(String)
  /// Made by a newer Cordon.
  case newer(found: Int64, known: Int64)
  /// Made by an older Cordon, where nothing may be changed.
  case older(found: Int64, known: Int64)
  /// Somebody else's database.
  case foreign
  /// A key that must be unique is there already.
  case conflict(String)
  /// The write may or may not have happened; asking again with the same idempotency key settles it.
  case outcomeUnknown(String)

  /// Whether the connection can go on after it.
  var endsTransaction: Bool {
    switch self {
    case .conflict: false
    case .unavailable, .full, .inputOutput, .closed, .damaged, .newer, .older, .foreign, .outcomeUnknown: true
    }
  }
}

extension StorageError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unavailable(let reason): "the database is not available: \(reason)"
    case .full: "the disk is full; nothing of this write was kept: free some space and run it again"
    case .inputOutput(let reason):
      "the disk failed (\(reason)); nothing of this write was kept: see to the disk, then run it again"
    case .closed(let reason):
      "nothing is written any more, because a write failed: \(reason); then start the program again"
    case .damaged(let what): "the database is damaged: \(what); restore a backup, or see what `cordon verify` says"
    case .newer(let found, let known):
      "the database was made by a newer Cordon (schema \(found), this program knows \(known)): use that version"
    case .older(let found, let known):
      "the database has schema \(found), this program wants \(known): open it once with `cordon serve` or `cordon import` to bring it up to date"
    case .foreign: "this is a database, but not one of Cordon's; nothing was changed"
    case .conflict(let what): "a key that must be unique is there already: \(what)"
    case .outcomeUnknown(let reason):
      "it is not known whether the write was kept (\(reason)): send it again with the same key"
    }
  }
}
