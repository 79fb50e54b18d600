import Domain
import Locators
import Wire

/// What a provider did with one message.
struct TakenMessage {
  /// What the message changed.
  enum Effect: String {
    case reviewOpened = "review_opened"
    case decided
    case withdrawn
    case reinstated
    /// It was refused before, and now nobody asks any more.
    case closed
  }

  var status: DeliveryReply.Result.Status
  var reference: String?
  var reason: String?
  var outcome: ProviderOutcome?
  var effect: Effect?
}

extension RangeState {
  /// Takes one message to a provider; a key that was here before changes nothing.
  mutating func take(
    _ kind: ReferralMessage.Kind, key: String, locator: String, at provider: RangeProvider
  ) -> TakenMessage {
    let held = numbers[Int(provider.rawValue)][ReferralKey(key)].map(Int.init)
    switch (kind, held) {
    case (.referral, let number?):
      let referral = referrals[number]
      return TakenMessage(
        status: .repeated, reference: reference(referral), reason: referral.isInReply ? referral.reason?.sentence : nil,
        outcome: referral.isInReply ? referral.outcome : nil)
    case (.referral, nil): return open(ReferralKey(key), locator: locator, at: provider)
    case (.retraction, let number?): return retract(number)
    case (.retraction, nil):
      return TakenMessage(status: .rejected, reason: "No referral with this key is known here.")
    }
  }

  private mutating func open(_ key: ReferralKey, locator: String, at provider: RangeProvider) -> TakenMessage {
    let number: Int?
    switch resolve(locator, at: provider) {
    case .failure(let problem): return TakenMessage(status: .rejected, reason: problem.sentence)
    case .success(let found): number = found
    }
    let generation = number.map { standings[$0].referrals } ?? 0
    if let number { standings[number].referrals = min(generation, 254) + 1 }
    let isAccount = number.map { item($0).isAccount } ?? false
    let draw = world.source.draw("decision", Array(locator.utf8), Int(generation))
    let decision = Manner(provider: provider, isVirtual: isVirtual).decide(
      draw, exists: number != nil, isAccount: isAccount, at: now)
    let index = referrals.count
    referrals.append(
      HeldReferral(
        key: key, item: number.map(Int32.init) ?? WorldItem.nobody, at: now, provider: provider,
        generation: generation, outcome: decision.outcome, reason: decision.reason))
    numbers[Int(provider.rawValue)][key] = Int32(index)
    switch decision.timing {
    case .atOnce:
      referrals[index].isInReply = true
      settle(index)
      let referral = referrals[index]
      return TakenMessage(
        status: .accepted, reference: reference(referral), reason: referral.reason?.sentence,
        outcome: referral.outcome, effect: .decided)
    case .at(let second): due.add(.decision(referral: Int32(index)), at: second)
    case .never: break
    }
    return TakenMessage(status: .accepted, reference: reference(referrals[index]), effect: .reviewOpened)
  }

  /// Why a provider can do nothing with a locator.
  private struct LocatorProblem: Error {
    let sentence: String

    static let noAddress = LocatorProblem(sentence: "This is not an address.")
    static let notOurs = LocatorProblem(sentence: "This address is not one of ours.")
  }

  /// The item that the provider finds under the locator, in whatever spelling; nil where there is no such page.
  private func resolve(_ locator: String, at provider: RangeProvider) -> Result<Int?, LocatorProblem> {
    if let number = find(locator) { return item(number).provider == provider ? .success(number) : .failure(.notOurs) }
    guard let url = try? WebURL(locator), let found = try? canonicalizer.locate(url) else {
      return .failure(.noAddress)
    }
    return found.provider == .pack(provider.name) ? .success(find(found.text)) : .failure(.notOurs)
  }

  private mutating func retract(_ number: Int) -> TakenMessage {
    let referral = referrals[number]
    guard !referral.isRetracted else {
      return TakenMessage(status: .repeated, reference: reference(referral))
    }
    referrals[number].isRetracted = true
    var effect = TakenMessage.Effect.withdrawn
    if referral.isDecided {
      effect = .closed
      let item = Int(referral.item)
      if item >= 0, standings[item].downBy == Int32(number) {
        // What was to go later stays; nobody saw it down.
        if standings[item].downAt <= now { effect = .reinstated }
        standings[item].downAt = .max
        standings[item].downBy = WorldItem.nobody
      }
    }
    return TakenMessage(status: .accepted, reference: reference(referral), effect: effect)
  }

  func reference(_ referral: HeldReferral) -> String {
    let draw = world.source.draw("reference", Array(referral.key.text.utf8), Int(referral.provider.rawValue))
    return "\(referral.provider.name)-\(String(draw.words.0 >> 24 | 1 << 39, radix: 16))"
  }
}
