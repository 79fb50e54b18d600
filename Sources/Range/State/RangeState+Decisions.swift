import Domain

extension RangeState {
  /// A review ends, and its answer waits to be sent.
  mutating func decide(_ number: Int) {
    guard !referrals[number].isRetracted, !referrals[number].isDecided else { return }
    settle(number)
    say(.answer, number)
    let referral = referrals[number]
    let draw = world.source.draw("habit", Array(referral.key.text.utf8), Int(referral.provider.rawValue))
    if draw.hits(perMillion: 10_000, 0) {
      let later = now + (isVirtual ? Int32(1 + draw.below(6, 1)) * RangeCalendar.day : 60)
      due.add(.again(referral: Int32(number)), at: isVirtual ? RangeCalendar.quarter(atOrAfter: later) : later)
    }
    if draw.hits(perMillion: 2_000, 2), let other = referralElsewhere(than: number, draw) {
      say(.foreign, number, other)
    }
    if draw.hits(perMillion: 1_000, 3) { say(.nonsense, number) }
  }

  /// What the decision does to the page, now.
  mutating func settle(_ number: Int) {
    referrals[number].isDecided = true
    referrals[number].decidedAt = now
    let referral = referrals[number]
    let item = Int(referral.item)
    guard referral.outcome != .notFound, item >= 0, isUp(item) else {
      // A page that is not there can't be taken away.
      referrals[number].outcome = .notFound
      referrals[number].reason = nil
      return
    }
    guard referral.outcome != .refused else { return }
    let draw = world.source.draw("removal", Array(address(item).utf8), Int(referral.generation))
    let manner = Manner(provider: referral.provider, isVirtual: isVirtual)
    guard let delay = manner.delayOfRemoval(draw) else { return }
    let kind = self.item(item)
    standings[item].downAt = now + delay
    standings[item].downBy = Int32(number)
    standings[item].look = GoneLook(kind.provider, referral.outcome, isAccount: kind.isAccount, draw)
    if delay == 0, referral.outcome == .removed || referral.outcome == .disabled { planComebacks(item) }
  }

  mutating func say(_ form: AnswerQueue.Entry.Form, _ number: Int, _ other: Int? = nil) {
    let speaker = Int(referrals[number].provider.rawValue)
    queues[speaker].append(AnswerQueue.Entry(form: form, referral: Int32(other ?? number), at: now))
  }

  /// A referral that another provider had before now: the same one, in whatever order others are asked.
  private func referralElsewhere(than number: Int, _ draw: Draw) -> Int? {
    let own = referrals[number].provider
    return referrals.indices.filter { referrals[$0].provider != own && referrals[$0].at < now }
      .min { referrals[$0].key.mixed ^ draw.words.3 < referrals[$1].key.mixed ^ draw.words.3 }
  }
}
