import Locators

/// The packs, as far as looks need them; a provider is named by its place among them.
struct LookProviders: Sendable {
  /// The place of every provider that no pack knows.
  static let unknown = 0
  /// Requests a second of a provider without a pack, as of a pack that says nothing.
  private static let unknownRate = 1.0

  private let packs: ProviderPacks
  private let places: [String: Int]
  private let signs: [GoneSigns]
  private let rates: [Double]

  init(_ packs: ProviderPacks) {
    self.packs = packs
    var places: [String: Int] = [:]
    for (index, pack) in packs.all.enumerated() { places[pack.name] = index + 1 }
    self.places = places
    signs = [GoneSigns(nil)] + packs.all.map { GoneSigns($0) }
    rates = [Self.unknownRate] + packs.all.map(\.requestsPerSecond)
  }

  func place(ofPack name: String?) -> Int { name.flatMap { places[$0] } ?? Self.unknown }

  func place(of url: WebURL) -> Int { place(ofPack: packs.pack(of: url)?.name) }

  func signs(at place: Int) -> GoneSigns { signs[place] }

  /// Requests a second.
  func rate(at place: Int) -> Double { rates[place] }
}
