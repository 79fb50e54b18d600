import Domain

/// What stands where an item was; the packs' `gone` sections know every one of these.
enum GoneLook: UInt8, Sendable {
  case notFound, gone, unavailableForLegalReasons, forbidden
  case tombstone, softNotFound, notFoundWithMark, forbiddenWithMark
  case toHome, toDiscover, toLogin, withheld

  init(_ provider: RangeProvider, _ outcome: ProviderOutcome, isAccount: Bool, _ draw: Draw) {
    let share = draw.below(100, 6)
    self =
      switch provider {
      case .wave: outcome == .geoBlocked ? .unavailableForLegalReasons : share < 70 ? .notFound : .gone
      case .pigeon where outcome == .disabled: .toLogin
      case .pigeon where outcome == .geoBlocked: share < 50 ? .withheld : .unavailableForLegalReasons
      case .pigeon: share < 50 ? .notFound : share < 95 ? .tombstone : .toHome
      case .lantern: share < 85 ? .tombstone : .notFound
      case .depot where outcome == .disabled: .forbidden
      case .depot: share < 60 ? .gone : .tombstone
      case .scrap: share < 60 ? .softNotFound : .notFound
      case .mosaic: .notFound
      case .chorus where outcome == .geoBlocked: .unavailableForLegalReasons
      case .chorus: share < 50 ? .notFound : share < 85 ? .gone : .toDiscover
      case .quill: share < 60 ? .notFound : share < 90 ? .gone : .tombstone
      case .strata: share < 50 ? .notFoundWithMark : .forbiddenWithMark
      }
  }

  var status: Int {
    switch self {
    case .notFound, .notFoundWithMark: 404
    case .gone: 410
    case .unavailableForLegalReasons: 451
    case .forbidden, .forbiddenWithMark: 403
    case .tombstone, .softNotFound, .withheld: 200
    case .toHome, .toDiscover, .toLogin: 302
    }
  }

  /// Where it leads, as a path of the provider's canonical host.
  var path: String? {
    switch self {
    case .toHome: "/"
    case .toDiscover: "/discover"
    case .toLogin: "/login"
    default: nil
    }
  }

  /// The sentence on the page.
  func sentence(_ provider: RangeProvider) -> String {
    switch self {
    case .notFound: return "Nothing is at this address."
    case .gone: return "What was at this address is gone."
    case .unavailableForLegalReasons: return "This is not available where you are."
    case .forbidden: return "You may not see this."
    case .toHome, .toDiscover, .toLogin: return "Elsewhere."
    case .withheld: return "This post is withheld in your country."
    case .tombstone, .softNotFound, .notFoundWithMark, .forbiddenWithMark:
      switch provider {
      case .pigeon: return "This post is no longer here."
      case .lantern: return "This channel can't be shown."
      case .depot: return "This file was deleted by its owner or by us."
      case .scrap: return "This scrap has expired or was removed."
      case .quill: return "This blog was closed."
      case .strata: return "This copy is not available."
      case .chorus, .mosaic, .wave: return "Nothing is at this address."
      }
    }
  }
}
