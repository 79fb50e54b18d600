import Casework
import Domain
import Storage

/// Reads of the record for which there is no use case yet; each says what of it anybody may know.
enum RecordReading {
  /// How many events the journal has; tells nothing but that something happened.
  static func journalSize(_ desk: Desk) async throws -> Int64 {
    try await desk.store.read { try $0.journalHead().size }
  }

  /// The headers of entries with the item that each is about; entries about items that the caller may not see are left
  /// out.
  static func entries(
    _ indexes: [Int64], _ desk: Desk, as caller: Caller
  ) async throws -> [(header: EventHeader, item: Item)] {
    _ = try await desk.currentUser(caller)
    return try await desk.store.read { tx in
      try indexes.compactMap { index in
        guard let row = try tx.journal(from: index, limit: 1).first, row.index == index,
          let subject = Identifier(bytes: row.subject), let item = try tx.item(ID(subject), for: caller.viewer)
        else { return nil }
        return (try row.recorded().header, item)
      }
    }
  }
}
