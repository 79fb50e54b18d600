import Domain
import ExchangeFormats
import Locators

/// The reading half of an import: bytes in, prepared reports out, rejects told.
struct IntakeLines {
  private var reader: IntakeReader
  private let format: IntakeFormat
  private let skippingThrough: Int64
  private(set) var rejected: Int64 = 0
  private(set) var blank: Int64 = 0

  /// Lines up to `skippingThrough` are on record already: they are counted, not prepared.
  init(plan: IntakePlan, skippingThrough: Int64) {
    reader = plan.makeReader()
    format = plan.format
    self.skippingThrough = skippingThrough
  }

  var count: Int64 { reader.linesRead }

  mutating func take(
    _ bytes: [UInt8], of desk: Desk, importID: ID<Import>, in context: ReportContext, files: inout some ImportFiles
  ) throws -> [PreparedReport] {
    var lines: [IntakeLine] = []
    reader.feed(bytes[...]) { lines.append($0) }
    return try prepare(lines, of: desk, importID: importID, in: context, files: &files)
  }

  mutating func finish(
    of desk: Desk, importID: ID<Import>, in context: ReportContext, files: inout some ImportFiles
  ) throws -> [PreparedReport] {
    var lines: [IntakeLine] = []
    reader.finish { lines.append($0) }
    return try prepare(lines, of: desk, importID: importID, in: context, files: &files)
  }

  private mutating func prepare(
    _ lines: [IntakeLine], of desk: Desk, importID: ID<Import>, in context: ReportContext,
    files: inout some ImportFiles
  ) throws -> [PreparedReport] {
    var reports: [PreparedReport] = []
    reports.reserveCapacity(lines.count)
    for line in lines {
      switch line.content {
      case .blank: blank += 1
      case .rejected(let fault):
        rejected += 1
        try files.reject(line: line.number, text: [], Rejection(.unreadableLine, "\(fault)"))
      case .record(let record):
        let addresses = addresses(in: record, links: desk.links)
        if addresses.isEmpty { blank += 1 }
        let source = ReportSource(importID: importID, line: line.number)
        for address in addresses {
          do throws(Rejection) {
            if let report = try prepare(address, source: source, of: desk, in: context) { reports.append(report) }
          } catch {
            rejected += 1
            try files.reject(line: line.number, text: address.address, error)
          }
        }
      }
    }
    return reports
  }

  /// Nil for an address that an earlier attempt has put on record; it is looked at for its rejection only.
  private func prepare(
    _ address: ReportedAddress, source: ReportSource, of desk: Desk, in context: ReportContext
  ) throws(Rejection) -> PreparedReport? {
    guard source.line <= skippingThrough else { return try desk.prepare(address, source: source, in: context) }
    try desk.check(address)
    return nil
  }

  /// What a record reports: its address, or in free text every link of the line.
  private func addresses(in record: IntakeRecord, links: LinkFinder) -> [ReportedAddress] {
    let remarks = ReportRemarks(
      note: record.note.map { String(decoding: $0, as: UTF8.self) },
      statedAt: record.reportedAt.map { String(decoding: $0, as: UTF8.self) },
      statedSource: record.source.map { String(decoding: $0, as: UTF8.self) })
    let kind = record.kind.flatMap { ItemKind(rawValue: String(decoding: $0, as: UTF8.self).lowercased()) }
    guard format == .text else { return [ReportedAddress(address: record.address, kind: kind, remarks: remarks)] }
    return links.links(in: record.address).map { ReportedAddress(address: $0.address) }
  }
}
