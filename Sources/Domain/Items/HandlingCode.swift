/// How a datum may be used, by the Europol handling codes; the strictest wins in a bundle.
public enum HandlingCode: String, Sendable, Hashable, CaseIterable, Comparable {
  /// Only to prevent and combat crime.
  case h0 = "H0"
  /// Not in court without the provider's permission.
  case h1 = "H1"
  /// No onward dissemination without permission.
  case h2 = "H2"
  /// Other restrictions, in free text.
  case h3 = "H3"

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Who else in the installation may see a row, beside its owner.
public enum Sharing: String, Sendable, Hashable, CaseIterable {
  /// The owning agency alone.
  case owner
  /// Every agency that takes part in the item's operation.
  case operation
  /// Every agency of the installation.
  case installation
}
