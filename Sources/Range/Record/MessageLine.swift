import Domain
import Wire

/// One line of `range.jsonl`: a message as a provider received it, and what became of it.
struct MessageLine {
  let provider: RangeProvider
  let at: Int32
  /// Which of all requests brought it.
  let request: Int
  let delivery: String
  let locator: String
  let key: String
  let kind: ReferralMessage.Kind
  /// `accepted`, `repeated`, `rejected`, `lost`, `closed` or the status with which the request was turned away.
  let answer: String
  let effect: TakenMessage.Effect?

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("answer")
      json.string(answer)
      json.key("at")
      json.instant(RangeCalendar.instant(at))
      json.key("delivery")
      json.string(delivery)
      json.key("effect")
      if let effect { json.string(effect.rawValue) } else { json.null() }
      json.key("idempotency_key")
      json.string(key)
      json.key("kind")
      json.string(kind.rawValue)
      json.key("locator")
      json.string(locator)
      json.key("provider")
      json.string(provider.name)
      json.key("request")
      json.integer(Int64(request))
    }
    json.endLine()
  }
}

extension MessageLine {
  init?(_ line: [UInt8]) {
    do {
      let json = try JSONObject(parsing: line)
      guard let provider = RangeProvider(name: try json.text("provider")),
        let kind = ReferralMessage.Kind(rawValue: try json.text("kind"))
      else { return nil }
      self.provider = provider
      self.kind = kind
      at = RangeCalendar.second(try json.instant("at"))
      request = Int(try json.integer("request"))
      delivery = try json.text("delivery")
      locator = try json.text("locator")
      key = try json.text("idempotency_key")
      answer = try json.text("answer")
      effect = try json.optionalText("effect").flatMap { TakenMessage.Effect(rawValue: $0) }
    } catch {
      return nil
    }
  }
}
