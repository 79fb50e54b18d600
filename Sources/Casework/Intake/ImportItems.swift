import Crypto
public import Domain
public import ExchangeFormats
import Storage

/// A file of addresses that is to be put on record.
public struct ImportRequest: Sendable {
  /// SHA-256 of the whole input, of how it is read and under what terms: an interrupted import is found again by it.
  public let digest: [UInt8]
  public let fileName: String?
  public let plan: IntakePlan
  public let operation: String?
  public let terms: ReportTerms

  /// `inputDigest` is the SHA-256 of the whole input.
  public init(inputDigest: [UInt8], fileName: String?, plan: IntakePlan, operation: String?, terms: ReportTerms) {
    // Read otherwise or under other terms, the same bytes are another import.
    let manner = "\(plan)\n\(terms.handling.rawValue)\n\(terms.sharing.rawValue)\n"
    digest = Array(SHA256.hash(data: Array(manner.utf8) + inputDigest))
    self.fileName = fileName
    self.plan = plan
    self.operation = operation
    self.terms = terms
  }
}

/// Where the bytes of an import come from and where its rejects go.
public protocol ImportFiles {
  /// The next bytes, some ten thousand at a time; nil at the end.
  mutating func next() throws -> [UInt8]?
  mutating func reject(line: Int64, text: [UInt8], _ rejection: Rejection) throws
  /// Told now and then: how many lines have been read.
  mutating func progress(lines: Int64)
}

/// What an import came to, earlier attempts at the same file included.
public struct ImportSummary: Sendable, Hashable {
  /// Nil where it was only tried.
  public var importID: ID<Import>?
  public var lines: Int64 = 0
  public var itemsNew: Int64 = 0
  public var sightings: Int64 = 0
  public var rejected: Int64 = 0
  /// Empty lines, comments, a table's header; in free text, lines without a link.
  public var blank: Int64 = 0
  /// The last line that an earlier, interrupted attempt had put on record; 0 where there was none.
  public var resumedAfterLine: Int64 = 0
}

extension Desk {
  /// Puts a file of addresses on record, each once; taken up again where an earlier attempt stopped.
  ///
  /// Throws ``ImportFault``, ``Refusal``, a storage error, or what `files` throws. What was committed
  /// until then stays, and the same call completes it.
  public func importItems(
    _ request: ImportRequest, files: inout some ImportFiles, as caller: Caller
  ) async throws -> ImportSummary {
    try caller.require(.reportItems)
    let (record, operation) = try await openImport(request, as: caller)
    var run = ImportRun(
      desk: self, caller: caller, record: record,
      context: ReportContext(owner: caller.user.agency, operation: operation, terms: request.terms))
    var lines = IntakeLines(plan: request.plan, skippingThrough: record.linesDone)
    while let bytes = try files.next() {
      let reports = try lines.take(bytes, of: self, importID: record.id, in: run.context, files: &files)
      try await run.submit(reports)
      files.progress(lines: lines.count)
    }
    try await run.submit(try lines.finish(of: self, importID: record.id, in: run.context, files: &files))
    let finished = try await run.finish(lines: lines.count, rejected: lines.rejected)
    return ImportSummary(
      importID: record.id, lines: lines.count, itemsNew: finished.itemsNew, sightings: finished.sightings,
      rejected: lines.rejected, blank: lines.blank, resumedAfterLine: record.linesDone)
  }

  private func openImport(
    _ request: ImportRequest, as caller: Caller
  ) async throws -> (record: Import, operation: ID<Operation>?) {
    // Behind the bodies of an attempt that failed just now, which may still be on their way.
    try await store.write(as: caller.user.id, priority: .bulk) { tx in
      try caller.confirm(.reportItems, in: tx.reading, at: tx.now)
      let operation = try self.operation(named: request.operation, as: caller, in: tx)
      let owner = caller.user.agency
      if let unfinished = try tx.reading.unfinishedImport(digest: request.digest, owner: owner, operation: operation) {
        return (unfinished, operation)
      }
      let event = ImportOpened(
        importID: ID(tx.makeIdentifier()), owner: owner, operation: operation,
        format: request.plan.format.rawValue, digest: request.digest, fileName: request.fileName)
      try tx.record(event)
      guard let record = try tx.reading.importRecord(event.importID) else {
        throw StorageError.damaged("the import that was opened is not there")
      }
      return (record, operation)
    }
  }
}

/// Why an import stopped.
public enum ImportFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// Another process imports the same file into the same operation.
  case overtaken

  public var description: String {
    switch self {
    case .overtaken: "another process is importing the same file: wait for it, then run this again"
    }
  }
}
