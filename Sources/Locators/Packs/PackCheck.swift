import Domain

/// What became of one sample of a pack.
public struct SampleResult: Sendable, Hashable {
  public let sample: ProviderPack.Sample
  /// What the address is now; nil when it is no address.
  public let found: CanonicalLocator?
  /// Why the sample does not hold, one sentence each; empty when it does.
  public let problems: [String]

  public var holds: Bool { problems.isEmpty }
}

extension ProviderPacks {
  /// Runs a pack's samples through all packs in force, and asks each canonical form to be its own.
  public func check(_ pack: ProviderPack) -> [SampleResult] {
    let canonicalizer = Canonicalizer(packs: self)
    return pack.samples.map { sample in
      do {
        let found = try canonicalizer.locate(try WebURL(sample.url))
        return SampleResult(
          sample: sample, found: found, problems: problems(found, sample, pack, canonicalizer))
      } catch {
        return SampleResult(sample: sample, found: nil, problems: ["'\(sample.url)' is refused: \(error)"])
      }
    }
  }

  private func problems(
    _ found: CanonicalLocator, _ sample: ProviderPack.Sample, _ pack: ProviderPack,
    _ canonicalizer: Canonicalizer
  ) -> [String] {
    var problems: [String] = []
    if found.text != sample.canonical {
      problems.append("the canonical form is '\(found.text)', not '\(sample.canonical)'")
    }
    if found.kind != sample.kind {
      problems.append("the kind is '\(found.kind.rawValue)', not '\(sample.kind.rawValue)'")
    }
    let original = found.original.map { String(decoding: $0, as: UTF8.self) }
    if original != sample.original {
      problems.append("the original is '\(original ?? "none")', not '\(sample.original ?? "none")'")
    }
    if let again = try? canonicalizer.locate(try WebURL(found.utf8)), again == found { return problems }
    return problems + ["the canonical form '\(found.text)' is not its own canonical form"]
  }
}
