@_spi(RuleSeam) import Domain
import Testing

@Suite("Rules of a machine, and files by their events")
struct RulesTests {
  private enum Rule: CaseIterable {
    case secondPerson, reasons
  }

  private static let fault = LegalFault(
    .samePerson, "second_person", "house rule", "Somebody else has to approve what you drafted.")

  @Test("a rule that is not kept refuses, with its own fault")
  func refuses() {
    #expect(throws: Self.fault) { try Rules<Rule>.all.require(.secondPerson, false, or: Self.fault) }
  }

  @Test("a rule that is kept lets pass")
  func admits() throws { try Rules<Rule>.all.require(.secondPerson, true, or: Self.fault) }

  @Test("a test takes out one rule, and no other")
  func seam() throws {
    try Rules.all(but: Rule.secondPerson).require(.secondPerson, false, or: Self.fault)
    #expect(throws: Self.fault) { try Rules.all(but: Rule.secondPerson).require(.reasons, false, or: Self.fault) }
  }

  @Test("a refusal says what to do, and names the provision")
  func description() {
    #expect(Self.fault.description == "Somebody else has to approve what you drafted. (house rule)")
  }

  /// A change of two types, as a machine of the law has many.
  private enum Change: LegalChange {
    case opened(note: String?)
    case closed

    var type: EventType { self == .closed ? .caseFactRecorded : .caseOpened }
    var effect: FileEffect { FileEffect(state: self == .closed ? "closed" : "open") }

    func writeFacts(_ json: inout JSONWriter) {
      json.key("state")
      json.string(effect.state ?? "")
    }

    func writePersonal(_ json: inout JSONWriter) {
      guard case .opened(let note?) = self else { return }
      json.key("note")
      json.string(note)
    }

    init(type: EventType, facts: JSONObject, personal: JSONObject?) throws(JSONFault) {
      switch type {
      case .caseOpened: self = .opened(note: try personal?.optionalText("note"))
      case .caseFactRecorded: self = .closed
      default: throw .wrongType("type")
      }
    }
  }

  @Test("the events of a file share a Swift type, and each is read back under its own")
  func events() throws {
    let file = Identifier(high: 1, low: 2)
    let opened = LegalEvent<Change>(subject: file, change: try change(.caseOpened, note: "x"))
    #expect(opened.type == .caseOpened)
    #expect(opened.effect.state == "open")
    let closed = try LegalEvent<Change>(type: .caseFactRecorded, subject: file, facts: JSONObject(), personal: nil)
    #expect(closed.type == .caseFactRecorded)
    #expect(closed.subject == file)
  }

  @Test("a change is read without its personal part, once that is erased")
  func erased() throws {
    guard case .opened(let note) = try change(.caseOpened, note: nil) else {
      Issue.record("another change was read")
      return
    }
    #expect(note == nil)
  }

  private func change(_ type: EventType, note: String?) throws -> Change {
    let personal = note.map { #"{"note":"\#($0)"}"# }
    return try Change(
      type: type, facts: JSONObject(), personal: try personal.map { try JSONObject(parsing: Array($0.utf8)) })
  }
}
