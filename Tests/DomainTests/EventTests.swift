import Domain
import Testing

@Suite("Events on the record") struct EventTests {
  private static let samples = EventSample.all + EventSample.sparse

  private func facts(_ event: any Event) -> [UInt8] {
    var json = JSONWriter()
    json.object { event.writeFacts(&$0) }
    return json.bytes
  }

  private func personal(_ event: any Event) -> [UInt8] {
    var json = JSONWriter()
    json.object { event.writePersonal(&$0) }
    return json.bytes
  }

  private func header(_ event: any Event) -> EventHeader { header(event.type.rawValue, of: event) }

  private func header(_ type: String, version: Int = 1, of event: any Event) -> EventHeader {
    EventHeader(
      index: 0, at: Instant(microseconds: 0), type: type, version: version, actor: EventSample.id(3),
      subject: event.subject)
  }

  @Test("there is a sample of every type")
  func complete() {
    let found = Set(EventSample.all.map { $0.event.type })
    #expect(found == Set(EventType.allCases))
  }

  @Test("an event is written as exactly these bytes, for ever", arguments: samples)
  func golden(sample: EventSample) {
    #expect(String(decoding: facts(sample.event), as: UTF8.self) == sample.facts)
    #expect(String(decoding: personal(sample.event), as: UTF8.self) == sample.personal ?? "{}")
    #expect(type(of: sample.event).version == 1)
  }

  @Test("an event that was read back is written as the same bytes, about the same subject", arguments: samples)
  func roundTrip(sample: EventSample) throws {
    let read = try EventReader.event(
      header: header(sample.event), facts: Array(sample.facts.utf8), personal: sample.personal.map { Array($0.utf8) })
    #expect(type(of: read) == type(of: sample.event))
    #expect(read.subject == sample.event.subject)
    #expect(facts(read) == Array(sample.facts.utf8))
    #expect(personal(read) == Array((sample.personal ?? "{}").utf8))
  }

  @Test("an event whose personal part was erased is read, and its facts are the same", arguments: samples)
  func erased(sample: EventSample) throws {
    let read = try EventReader.event(header: header(sample.event), facts: Array(sample.facts.utf8), personal: nil)
    #expect(facts(read) == Array(sample.facts.utf8))
    #expect(personal(read) == Array("{}".utf8))
  }

  @Test("the keys of both parts ascend by their bytes and come once", arguments: samples)
  func keyOrder(sample: EventSample) throws {
    for bytes in [facts(sample.event), personal(sample.event)] {
      let keys = try JSONObject(parsing: bytes).members.map { Array($0.key.utf8) }
      #expect(zip(keys, keys.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
    }
  }

  @Test("facts without one of their members, or with one of another type, are refused", arguments: samples)
  func incomplete(sample: EventSample) throws {
    // What a member's absence means is said by the sparse samples; here each required one is taken away.
    let required = try JSONObject(parsing: facts(sample.event)).members.map(\.key).filter {
      !isOptional($0, in: sample.event.type)
    }
    for key in required {
      let renamed = sample.facts.replacing("\"\(key)\":", with: "\"\(key)_\":")
      #expect(throws: JSONFault.self, "\(key)") {
        try EventReader.event(header: header(sample.event), facts: Array(renamed.utf8), personal: nil)
      }
    }
  }

  private func isOptional(_ key: String, in type: EventType) -> Bool {
    switch key {
    case "status", "title": type == .itemSeen
    case "by_hand": type == .looksMade
    case "pack", "operation", "expires_at", "import", "line", "due_at", "last_live_at", "gone_at", "h_hour",
      "prosecutor":
      true
    default: false
    }
  }

  @Test("facts that are no object, or cut off, are refused", arguments: samples)
  func malformed(sample: EventSample) {
    let bytes = Array(sample.facts.utf8)
    for length in 0..<bytes.count {
      #expect(throws: JSONFault.self) {
        try EventReader.event(header: header(sample.event), facts: Array(bytes.prefix(length)), personal: nil)
      }
    }
  }

  @Test("a type that this program does not know is refused by name", arguments: ["", "item", "item.Reported", "x.y"])
  func unknownType(type: String) throws {
    let event = try #require(EventSample.all.first).event
    #expect(throws: EventFault.unknownType(type)) {
      try EventReader.event(header: header(type, of: event), facts: facts(event), personal: nil)
    }
  }

  @Test("a version that this program does not know is refused", arguments: EventSample.all, [0, 2, -1, .max])
  func unknownVersion(sample: EventSample, version: Int) {
    let type = sample.event.type.rawValue
    #expect(throws: EventFault.unknownVersion(type, version)) {
      try EventReader.event(
        header: header(type, version: version, of: sample.event), facts: facts(sample.event), personal: nil)
    }
  }

  @Test("roles, kinds, codes and digests that this program does not know are refused")
  func unknownCodes() throws {
    let changes = [
      ("item.reported", "archive_copy", "hologram"), ("item.reported", "\"H2\"", "\"H9\""),
      ("item.reported", "\"installation\"", "\"world\""),
      ("item.reported", "000000000000000100000000000000ff", "00ff"), ("user.added", "reviewer", "emperor"),
      ("user.roles_changed", "auditor", "Auditor"), ("token.created", "007fabff", "007fabf"),
      ("token.created", "2026-11-23T", "2026-11-23 "), ("installation.founded", "8000-000000000003", "8000"),
      ("item.assessed", "INCITE", "incite"), ("item.assessed", "\"refer\"", "\"order\""),
      ("item.assessed", "sanctions_list", "rumour"), ("item.assessed", "machine_help\":true", "machine_help\":1"),
      ("item.deconflicted", "interest", "maybe"), ("referral.answered", "geo_blocked", "promised"),
      ("item.seen", "moved", "vanished"), ("item.seen", "\"redirect\"", "\"guess\""),
      ("item.reappeared", "look", "rumour"), ("item.related", "successor", "cousin"),
      ("case.fact_recorded", "preservation_request", "coffee"), ("looks.made", "[9,12]", "[9,\"12\"]"),
    ]
    for (type, old, new) in changes {
      let sample = try #require(EventSample.all.first { $0.testDescription == type })
      #expect(sample.facts.contains(old))
      #expect(throws: JSONFault.self, "\(type): \(new)") {
        try EventReader.event(
          header: header(sample.event), facts: Array(sample.facts.replacing(old, with: new).utf8), personal: nil)
      }
    }
  }
}
