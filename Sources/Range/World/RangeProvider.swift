import Domain

/// The nine simulated providers, in the order of their names.
public enum RangeProvider: UInt8, Sendable, Hashable, CaseIterable, Comparable {
  case chorus, depot, lantern, mosaic, pigeon, quill, scrap, strata, wave

  public var name: String { "\(self)" }

  public init?(name: String) {
    guard let provider = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = provider
  }

  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }

  /// How many of a hundred items are here.
  var share: Int {
    switch self {
    case .wave: 22
    case .pigeon: 20
    case .lantern: 15
    case .depot: 11
    case .scrap: 8
    case .strata: 7
    case .mosaic, .quill: 6
    case .chorus: 5
    }
  }

  /// What owns other items here; nil where nobody signs what he uploads.
  var accountKind: ItemKind? {
    switch self {
    case .wave, .lantern: .channel
    case .pigeon, .chorus: .account
    case .mosaic: .group
    case .quill: .site
    case .depot, .scrap, .strata: nil
    }
  }

  /// What is posted here, the usual first; the second is one of twelve.
  var contentKinds: (usual: ItemKind, other: ItemKind) {
    switch self {
    case .wave: (.video, .video)
    case .pigeon, .quill: (.post, .post)
    case .lantern: (.post, .group)
    case .depot: (.file, .linkList)
    case .scrap: (.document, .document)
    case .mosaic: (.post, .image)
    case .chorus: (.audio, .linkList)
    case .strata: (.archiveCopy, .archiveCopy)
    }
  }

  /// What an account's address has before and behind its name.
  var accountFrame: (before: String, behind: String) {
    switch self {
    case .wave: ("https://www.wave.example/@", "")
    case .pigeon: ("https://pigeon.example/", "")
    case .lantern: ("https://lantern.example/", "")
    case .chorus: ("https://chorus.example/", "")
    case .mosaic: ("https://mosaic.example/", "/")
    case .quill: ("https://", ".quill.example/")
    case .depot, .scrap, .strata: ("", "")
    }
  }
}
