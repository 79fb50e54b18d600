import Storage
import Synchronization

/// The first failed write or flush of the writing connection; with it the writing is over.
///
/// A kernel that could not flush a page may forget it and report the next flush as done: trying again would acknowledge
/// what is not on disk. Locks and conflicts are no faults.
final class FaultMark: Sendable {
  private let fault = Mutex<StorageError?>(nil)

  var first: StorageError? { fault.withLock { $0 } }

  /// Keeps the error where it is a fault of the disk, and returns it.
  func noted(_ error: StorageError) -> StorageError {
    switch error {
    case .full, .inputOutput: fault.withLock { fault in if fault == nil { fault = error } }
    case .unavailable, .closed, .damaged, .newer, .older, .foreign, .conflict, .outcomeUnknown: break
    }
    return error
  }
}
