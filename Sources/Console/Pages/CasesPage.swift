import Casework
import Domain
import HTTPTypes
import Hummingbird
import Storage

/// National files of the visitor's agency, and what happened in them.
enum CasesPage {
  @Sendable static func show(_ visit: Visit) async throws -> Response {
    try await page(visit, faults: [], status: .ok)
  }

  @Sendable static func open(_ visit: Visit) async throws -> Response {
    try await shown(visit, field: "reference") {
      _ = try await visit.desk.openCase(
        reference: visit.form.text("reference") ?? "", operation: visit.form["operation"].flatMap { ID($0) },
        prosecutor: visit.form.text("prosecutor"), as: visit.caller)
    }
  }

  @Sendable static func record(_ visit: Visit) async throws -> Response {
    let file: ID<CaseFile> = try visit.id(of: "case")
    return try await shown(visit, field: "happened_at-\(file)") {
      guard let kind = visit.form["kind"].flatMap({ CaseFactKind(rawValue: $0) }),
        let instant = visit.form["happened_at"].flatMap({ TimeText.instant(ofField: $0) })
      else { throw Refusal.invalid(visit.words("cases.fault.fact")) }
      try await visit.desk.recordFact(kind, at: instant, note: visit.form.text("note"), in: file, as: visit.caller)
    }
  }

  private static func shown(
    _ visit: Visit, field: String, _ work: () async throws -> Void
  ) async throws -> Response {
    do {
      try await work()
      return PageReply.redirect(Target("cases"))
    } catch let refusal as Refusal {
      switch refusal {
      case .invalid, .taken:
        return try await page(
          visit, faults: [FieldFault(field: field, text: refusal.description)], status: PageFault(refusal).status)
      default: throw refusal
      }
    }
  }

  private static func page(_ visit: Visit, faults found: [FieldFault], status: HTTPResponse.Status) async throws
    -> Response
  {
    let words = visit.words
    let cases = try await visit.desk.cases(as: visit.caller)
    let operations = visit.caller.permits(.readItems) ? try await visit.desk.operations(as: visit.caller) : []
    let root = Shell(words: words, title: words("cases.title")).root(visit, at: .cases) {
      heading([.text(words("cases.title"))])
      faults(found, words)
      if cases.isEmpty { el("p", .class("empty")) { words("cases.none") } }
      cases.map { card(visit, $0.file, $0.facts, operations, found) }
      section(words("cases.open"), id: "open") {
        form(visit, Target("cases"), .class("inline")) {
          Field(name: "reference", label: words("cases.reference"), error: found.text(of: "reference"), isNeeded: true)
            .input("text", value: visit.form["reference"])
          Field(name: "prosecutor", label: words("cases.prosecutor")).input("text", value: visit.form["prosecutor"])
          Field(name: "operation", label: words("queue.operation")).select(
            [("", words("outlets.no_operation"))]
              + operations.reversed().map { ($0.id.description, $0.name ?? words("name.operation")) },
            value: visit.form["operation"])
          el("button", .class("primary")) { words("cases.open.do") }
        }
      }
    }
    return PageReply.html(root, status: status)
  }

  private static func card(
    _ visit: Visit, _ file: CaseFile, _ facts: [CaseFact], _ operations: [Operation], _ found: [FieldFault]
  ) -> Node {
    let words = visit.words
    let operation = operations.first { $0.id == file.operation }
    return el("section", .class("panel")) {
      el("h2") { file.reference.map { foreign($0) } ?? el("span") { words("name.erased") } }
      if let operation {
        el("p") { link(Target("operations", operation.id.description)) { Names.operation(operation, words) } }
      }
      if facts.isEmpty {
        el("p", .class("empty")) { words("cases.no_facts") }
      } else {
        grid(
          words("cases.facts"),
          [words("entry.index"), words("cases.happened"), words("cases.kind"), words("cases.note")]
        ) {
          facts.map { fact in
            el("tr") {
              el("td", .class("index")) { EntryLink.node(fact.index, visit) }
              el("td", .class("fixed")) { TimeText.node(fact.happenedAt, seconds: false) }
              el("td") { words.code("case_fact", fact.kind.rawValue) }
              el("td") { fact.note.map { foreign($0) } ?? el("span", .class("faint")) { "–" } }
            }
          }
        }
      }
      el("details") {
        el("summary") { words("cases.record") }
        factForm(visit, file, found)
      }
    }
  }

  private static func factForm(_ visit: Visit, _ file: CaseFile, _ found: [FieldFault]) -> Node {
    let words = visit.words
    let id = file.id.description
    let error = found.text(of: "happened_at-\(id)")
    return form(visit, Target("cases", id, "facts"), .class("inline")) {
      el("div", .class("field")) {
        el("label", Attribute("for", "kind-\(id)")) { words("cases.kind") }
        el("select", .id("kind-\(id)"), .name("kind")) {
          CaseFactKind.allCases.map { kind in
            el("option", .value(kind.rawValue)) { words.code("case_fact", kind.rawValue) }
          }
        }
      }
      el("div", .class("field")) {
        el("label", Attribute("for", "happened_at-\(id)")) { words("cases.happened") }
        error.map { text in el("p", .class("error")) { text } }
        el("input", .id("happened_at-\(id)"), .name("happened_at"), .type("datetime-local"), .flag("required"))
      }
      el("div", .class("field")) {
        el("label", Attribute("for", "note-\(id)")) { words("cases.note") }
        el("input", .id("note-\(id)"), .name("note"), .type("text"))
      }
      el("button") { words("cases.record.do") }
    }
  }
}
