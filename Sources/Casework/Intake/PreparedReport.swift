public import Domain
import Locators
import Storage

/// How a set of addresses is put on record.
public struct ReportTerms: Sendable, Hashable {
  public let handling: HandlingCode
  public let sharing: Sharing

  public init(handling: HandlingCode = .h0, sharing: Sharing = .owner) {
    self.handling = handling
    self.sharing = sharing
  }
}

/// One address as it was given.
public struct ReportedAddress: Sendable, Hashable {
  public let address: [UInt8]
  /// What the reporter says it is; counts where the address itself does not tell.
  public let kind: ItemKind?
  public let remarks: ReportRemarks

  public init(address: [UInt8], kind: ItemKind? = nil, remarks: ReportRemarks = ReportRemarks()) {
    self.address = address
    self.kind = kind
    self.remarks = remarks
  }
}

/// An address made ready for the lane: located, digested and sealed, as if it were new.
struct PreparedReport: Sendable {
  let item: ID<Item>
  let digest: LocatorDigest
  let provider: ProviderReference
  let providerID: ID<Provider>
  let source: ReportSource?
  let reportedAs: [UInt8]?
  let remarks: ReportRemarks
  /// The `item.reported` that is recorded unless the owner has the locator already.
  let sealed: SealedEvent
}

/// Under what an address is put on record.
struct ReportContext: Sendable {
  let owner: ID<Agency>
  let operation: ID<Operation>?
  let terms: ReportTerms
}

extension Desk {
  /// Does everything about a report that needs no database.
  func prepare(
    _ reported: ReportedAddress, source: ReportSource?, in context: ReportContext
  ) throws(Rejection) -> PreparedReport {
    let located = try locate(reported.address)
    let item: ID<Item> = makeID()
    let digest = keys.digests.locator(located.utf8)
    let providerID = keys.digests.provider(located.provider)
    let reportedAs = reported.address == located.utf8 ? nil : reported.address
    let kind = located.kind == .page ? reported.kind ?? .page : located.kind
    let event = ItemReported(
      item: item, owner: context.owner, provider: providerID, operation: context.operation, kind: kind,
      handling: context.terms.handling, sharing: context.terms.sharing, digest: digest, source: source,
      locator: located.utf8, reportedAs: reportedAs, remarks: reported.remarks)
    return PreparedReport(
      item: item, digest: digest, provider: located.provider, providerID: providerID, source: source,
      reportedAs: reportedAs, remarks: reported.remarks, sealed: SealedEvent(event, random: random))
  }

  /// Throws what ``prepare(_:source:in:)`` would throw.
  func check(_ reported: ReportedAddress) throws(Rejection) { _ = try locate(reported.address) }

  private func locate(_ address: [UInt8]) throws(Rejection) -> CanonicalLocator {
    do {
      return try locators.locate(reported: address)
    } catch {
      switch error {
      case .url(let fault): throw Rejection(.notAnAddress, "\(fault)")
      case .locator(let fault): throw Rejection(.noPlace, "\(fault)")
      }
    }
  }
}
