/// All packs that are in force, with every host claimed once.
public struct ProviderPacks: Sendable {
  /// The packs in the order of their names.
  public let all: [ProviderPack]
  /// Query parameters that only follow people about, on any host.
  public let trackingParameters: ParameterNames
  let hosts: HostTable

  /// The packs that the program ships with.
  public static func shipped() throws(PackFault) -> ProviderPacks { try ProviderPacks(files: []) }

  /// The shipped packs and these files; a file's pack replaces the shipped one of the same name.
  ///
  /// Throws the first fault; two packs that claim one host are a fault that names both.
  public init(files: [(name: String, bytes: [UInt8])]) throws(PackFault) {
    let tracking = try Self.shippedTrackingParameters()
    var packs: [String: ProviderPack] = [:]
    for file in ShippedFiles.files(in: "providers/") {
      let pack = try PackReader(file: file.name).read(file.bytes)
      if let other = packs[pack.name] { throw Self.sameName(pack, other) }
      packs[pack.name] = pack
    }
    var own: [String: ProviderPack] = [:]
    for file in files {
      let pack = try PackReader(file: file.name).read(file.bytes)
      if let other = own[pack.name] { throw Self.sameName(pack, other) }
      own[pack.name] = pack
    }
    packs.merge(own) { _, own in own }
    try self.init(packs: Array(packs.values), trackingParameters: tracking)
  }

  /// These packs alone.
  init(packs: [ProviderPack], trackingParameters: ParameterNames) throws(PackFault) {
    all = packs.sorted { $0.name < $1.name }
    self.trackingParameters = trackingParameters
    var entries: [HostTable.Entry] = []
    var claims: [ProviderPack.HostPattern: Int] = [:]
    for (index, pack) in all.enumerated() {
      let targets = pack.hosts.map { ($0, $0) } + pack.aliases.map { ($0.from, $0.to) }
      for (from, to) in targets {
        if let other = claims.updateValue(index, forKey: from) {
          throw PackFault(
            file: pack.file, line: nil,
            problem: other == index
              ? "'\(from)' is named twice"
              : "'\(from)' belongs to '\(all[other].name)' (\(all[other].file)) and to '\(pack.name)'",
            remedy: "take it out of one of them")
        }
        entries.append(Self.entry(index, from, to, pack))
      }
    }
    hosts = HostTable(entries)
  }

  /// The pack of that name.
  public func pack(named name: String) -> ProviderPack? { all.first { $0.name == name } }

  private static func entry(
    _ pack: Int, _ from: ProviderPack.HostPattern, _ to: ProviderPack.HostPattern,
    _ owner: ProviderPack
  ) -> HostTable.Entry {
    let target = Array(to.host.utf8)
    return HostTable.Entry(
      pack: pack, pattern: from, key: Array(from.host.utf8), target: from == to ? nil : target,
      movesFirst: from != to && (to.isWildcard || owner.speaks(of: target)), isMain: to == owner.hosts[0],
      registrableDomain: to.isWildcard ? nil : domain(target))
  }

  static func domain(_ host: [UInt8]) -> String? {
    PublicSuffix.registrableDomain(ofHost: host).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func sameName(_ pack: ProviderPack, _ other: ProviderPack) -> PackFault {
    PackFault(
      file: pack.file, line: nil, problem: "'\(pack.name)' is also the name of the pack in \(other.file)",
      remedy: "give one of them another name")
  }

  private static func shippedTrackingParameters() throws(PackFault) -> ParameterNames {
    var names: [String] = []
    for file in ShippedFiles.files(in: "tracking-parameters.yaml") {
      let name = "tracking-parameters.yaml"
      let fields = try PackFields(
        try PackReader(file: name).root(file.bytes), file: name, allowed: ["names"])
      names += try fields.texts("names")
    }
    return ParameterNames(names)
  }
}

extension ProviderPack {
  /// Whether a rule names this host itself.
  fileprivate func speaks(of host: [UInt8]) -> Bool {
    host.withUnsafeBufferPointer { bytes in
      var captures = Captures()
      return rules.contains { rule in
        rule.patterns.contains { $0.host?.match(bytes, 0..<bytes.count, &captures) ?? false }
      }
    }
  }
}
