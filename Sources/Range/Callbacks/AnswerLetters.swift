import Domain
import Synchronization
import Wire

/// The next request of a provider to whoever referred: its body, and how its reply is to be taken.
package struct AnswerLetter {
  package let body: [UInt8]
  package let token: String
  /// How many entries of the queue it settles.
  let count: Int
  /// Whether a refusal of the receiver settles it too.
  let isOdd: Bool
}

extension RangeEngine {
  static let mostAnswers = 500

  /// What the provider has to say next; nil where that is nothing, or where it has no token.
  package func nextLetter(of provider: RangeProvider) -> AnswerLetter? {
    shared.withLock { shared in
      guard let token = shared.contact.credentials[provider.name] else { return nil }
      let state = shared.state
      let batch = state.queues[Int(provider.rawValue)].batch(most: Self.mostAnswers)
      guard let first = batch.first else { return nil }
      if first.form == .nonsense {
        return AnswerLetter(
          body: Array("{\"answers\":[{\"idempotency_key\":".utf8), token: token, count: 1, isOdd: true)
      }
      let answers = batch.map { entry in
        let referral = state.referrals[Int(entry.referral)]
        let isForeign = entry.form == .foreign
        return AnswerMessage.Answer(
          idempotencyKey: referral.key.text, outcome: isForeign ? .removed : referral.outcome,
          reason: isForeign ? nil : referral.reason?.sentence, reference: state.reference(referral),
          decidedAt: RangeCalendar.instant(isForeign ? entry.at : referral.decidedAt))
      }
      return AnswerLetter(
        body: AnswerMessage(answers: answers).json, token: token, count: batch.count, isOdd: first.form == .foreign)
    }
  }

  /// Notes that the receiver has the letter.
  package func acknowledge(_ letter: AnswerLetter, of provider: RangeProvider) throws(RangeFault) {
    let count = shared.withLock { shared in
      shared.state.queues[Int(provider.rawValue)].acknowledge(letter.count)
      return shared.state.queues[Int(provider.rawValue)].acknowledged
    }
    try directory.writeAcknowledged(provider, count: count)
  }

  /// Sends everything that waits, provider by provider; what the receiver does not take stays.
  func sendAnswers() async throws {
    guard let callback = shared.withLock({ $0.contact.callback }), let receiver = Receiver(callback) else { return }
    for provider in RangeProvider.allCases {
      // A receiver may close the connection behind any reply; a new one is opened as long as it takes something.
      var isTaking = nextLetter(of: provider) != nil
      while isTaking {
        isTaking = false
        try await receiver.connected { post in
          while let letter = self.nextLetter(of: provider) {
            let status = try await post(letter.body, letter.token)
            guard (200..<300).contains(status) || (letter.isOdd && (400..<500).contains(status)) else {
              isTaking = false
              return
            }
            try self.acknowledge(letter, of: provider)
            isTaking = true
          }
          isTaking = false
        }
      }
    }
  }
}
