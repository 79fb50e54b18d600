/// What finding a locator needs of a pack, behind one reference.
///
/// Copying the whole pack for each address would cost more than finding the locator.
final class CompiledPack: Sendable {
  let rules: [LocatorRule]
  let gates: [PatternGate]
  let isAlwaysHTTPS: Bool
  let keepsFragment: Bool
  let keptQuery: ParameterNames?
  let droppedQuery: ParameterNames
  let provider: ProviderReference

  init(_ pack: ProviderPack) {
    rules = pack.rules
    gates = pack.gates
    isAlwaysHTTPS = pack.isAlwaysHTTPS
    keepsFragment = pack.keepsFragment
    keptQuery = pack.keptQuery
    droppedQuery = pack.droppedQuery
    provider = .pack(pack.name)
  }
}
