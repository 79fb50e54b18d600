import Domain
import Foundation
import Storage
import Testing

/// A real disk fault: the file may not grow any more. In a process of its own, since the limit is the process's.
@Suite("After a failed write") struct StorageFaultTests {
  @Test("SQLite writes nothing any more, says why, and goes on reading; opened again it writes")
  func closedForGood() async throws {
    await #expect(processExitsWith: .success) {
      let record = try await TestRecord(.sqlite)
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let before = limit
      limit.rlim_cur = 300_000
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      var number: UInt64 = 0
      var kept: UInt64 = 0
      var first: StorageError?
      while first == nil {
        number += 1
        do {
          try await record.write([TestRecord.report(number)])
          kept = number
        } catch let error as StorageError { first = error }
      }
      #expect(first == .full && record.store.closed == .closed(StorageError.full.description))
      // There is room again; this process has seen a write fail and does not trust the disk.
      limit = before
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      await #expect(throws: StorageError.closed(StorageError.full.description)) {
        try await record.write([TestRecord.report(number)])
      }
      await #expect(throws: StorageError.closed(StorageError.full.description)) {
        try await record.store.handBackLeases(["deadlines"], of: TestRecord.id(1))
      }
      #expect(try await record.store.read { try $0.itemCount(for: TestRecord.viewer) } == Int64(kept))
      let restarted = try await record.reopened()
      #expect(restarted.store.closed == nil)
      try await restarted.write([TestRecord.report(number)])
      #expect(try await restarted.verify().told == [])
    }
  }
}
