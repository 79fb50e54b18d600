import Casework
import Domain
import HTTPTypes
import Hummingbird

/// The operations in which the visitor's agency takes part.
enum OperationsPage {
  @Sendable static func show(_ visit: Visit) async throws -> Response {
    try await page(visit, name: nil, faults: [], status: .ok)
  }

  @Sendable static func open(_ visit: Visit) async throws -> Response {
    do {
      let id = try await visit.desk.openOperation(visit.form.text("name") ?? "", as: visit.caller)
      return PageReply.redirect(Target("operations", id.description))
    } catch let refusal as Refusal {
      switch refusal {
      case .invalid(let why), .taken(let why):
        return try await page(
          visit, name: visit.form["name"], faults: [FieldFault(field: "name", text: why)],
          status: PageFault(refusal).status)
      default: throw refusal
      }
    }
  }

  /// Agrees an H-hour or calls it off.
  @Sendable static func setHHour(_ visit: Visit) async throws -> Response {
    let id: ID<Operation> = try visit.id(of: "operation")
    let isCalledOff = visit.form["call_off"] != nil
    let instant = visit.form["h_hour"].flatMap { TimeText.instant(ofField: $0) }
    guard isCalledOff || instant != nil else { throw Refusal.invalid(visit.words("board.h_hour.unreadable")) }
    try await visit.desk.setHHour(isCalledOff ? nil : instant, of: id, as: visit.caller)
    return PageReply.redirect(Target("operations", id.description))
  }

  @Sendable static func join(_ visit: Visit) async throws -> Response {
    let id: ID<Operation> = try visit.id(of: "operation")
    try await visit.desk.join(visit.form.text("agency") ?? "", to: id, as: visit.caller)
    return PageReply.redirect(Target("operations", id.description))
  }

  private static func page(
    _ visit: Visit, name: String?, faults found: [FieldFault], status: HTTPResponse.Status
  ) async throws -> Response {
    let words = visit.words
    let operations = try await visit.desk.operations(as: visit.caller)
    let root = Shell(words: words, title: words("operations.title")).root(visit, at: .operations) {
      heading([.text(words("operations.title"))])
      faults(found, words)
      if operations.isEmpty { el("p", .class("empty")) { words("operations.none") } } else { list(operations, words) }
      if visit.caller.permits(.openOperations) {
        section(words("operations.open"), id: "open") {
          form(visit, Target("operations"), .class("inline")) {
            Field(name: "name", label: words("operations.name"), error: found.text(of: "name"), isNeeded: true)
              .input("text", value: name)
            el("button", .class("primary")) { words("operations.open.do") }
          }
        }
      }
    }
    return PageReply.html(root, status: status)
  }

  private static func list(_ operations: [Operation], _ words: Words) -> Node {
    el(
      "div", .class("scroll"), Attribute("tabindex", "0"), Attribute("role", "region"),
      .label(words("operations.title"))
    ) {
      el("table") {
        el("thead") {
          el("tr") {
            el("th", Attribute("scope", "col")) { words("operations.column.name") }
            el("th", Attribute("scope", "col")) { words("operations.column.opened") }
            el("th", Attribute("scope", "col")) { words("operations.column.h_hour") }
            el("th", Attribute("scope", "col")) { words("operations.column.views") }
          }
        }
        el("tbody") { operations.reversed().map { row($0, words) } }
      }
    }
  }

  private static func row(_ operation: Operation, _ words: Words) -> Node {
    let id = operation.id.description
    return el("tr") {
      el("th", Attribute("scope", "row")) {
        link(Target("operations", id)) { Names.operation(operation, words) }
      }
      el("td") { TimeText.node(operation.openedAt, seconds: false) }
      el("td") { operation.hHour.map { TimeText.node($0, seconds: false) } ?? el("span", .class("faint")) { "–" } }
      el("td", .class("links")) {
        link(Target("queue", query: [("operation", id)])) { words.code("nav", "queue") }
        link(Target("providers", query: [("operation", id)])) { words.code("nav", "providers") }
        link(Target("report", id)) { words("board.report") }
      }
    }
  }
}
