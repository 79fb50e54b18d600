public import Domain

/// The one address under which an item is on record, however it was written when it was reported.
public struct CanonicalLocator: Sendable, Hashable {
  /// The address, ASCII, as ``WebURL/href`` has it; finding it again gives the same value.
  public let utf8: [UInt8]
  public let kind: ItemKind
  public let provider: ProviderReference
  /// The registrable domain of its host; nil for an IP address or a public suffix.
  public let registrableDomain: String?
  /// The canonical address of which this is an archive copy.
  public let original: [UInt8]?

  /// The address as text.
  public var text: String { String(decoding: utf8, as: UTF8.self) }
}

/// Whose service an address is on.
public enum ProviderReference: Sendable, Hashable {
  /// The one that the pack of this name describes.
  case pack(String)
  /// One that no pack describes yet: its registrable domain, or its host where there is none.
  case domain(String)

  /// The pack's name or the domain.
  public var name: String {
    switch self {
    case .pack(let name), .domain(let name): name
    }
  }
}

/// Why an address cannot be a locator.
public enum LocatorFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// The address names no host.
  case noHost
  /// The scheme names nothing that others can reach; with the scheme.
  case noPlaceOnTheWeb(scheme: String)

  public var description: String {
    switch self {
    case .noHost: "the address names no host"
    case .noPlaceOnTheWeb(let scheme): "an address that begins with '\(scheme):' names no place on the web"
    }
  }
}
