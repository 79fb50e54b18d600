import Casework
import Domain
import HTTPTypes
import Hummingbird
import Storage

/// Outlets that the visitor's agency watches, with what could be seen of them day by day.
enum OutletsPage {
  @Sendable static func show(_ visit: Visit) async throws -> Response {
    try await page(visit, faults: [], status: .ok)
  }

  @Sendable static func register(_ visit: Visit) async throws -> Response {
    do {
      let operation = visit.form["operation"].flatMap { ID<Operation>($0) }
      _ = try await visit.desk.registerOutlet(visit.form.text("name") ?? "", operation: operation, as: visit.caller)
      return PageReply.redirect(Target("outlets"))
    } catch let refusal as Refusal {
      switch refusal {
      case .invalid(let why), .taken(let why):
        return try await page(
          visit, faults: [FieldFault(field: "name", text: why)], status: PageFault(refusal).status)
      default: throw refusal
      }
    }
  }

  private static func page(_ visit: Visit, faults found: [FieldFault], status: HTTPResponse.Status) async throws
    -> Response
  {
    let words = visit.words
    let outlets = try await visit.desk.outlets(as: visit.caller)
    let operations = try await visit.desk.operations(as: visit.caller)
    let root = Shell(words: words, title: words("outlets.title"), isWide: true).root(visit, at: .outlets) {
      heading([.text(words("outlets.title"))])
      faults(found, words)
      if outlets.isEmpty {
        el("p", .class("empty")) { words("outlets.none") }
      } else {
        el("div", .class("cards")) { outlets.map { card($0.outlet, $0.days, words) } }
      }
      if visit.caller.permits(.watchOutlets) {
        section(words("outlets.register"), id: "register") {
          form(visit, Target("outlets"), .class("inline")) {
            Field(name: "name", label: words("outlets.name"), error: found.text(of: "name"), isNeeded: true)
              .input("text", value: visit.form["name"])
            Field(name: "operation", label: words("queue.operation")).select(
              [("", words("outlets.no_operation"))]
                + operations.reversed().map { ($0.id.description, $0.name ?? words("name.operation")) },
              value: visit.form["operation"])
            el("button", .class("primary")) { words("outlets.register.do") }
          }
        }
      }
    }
    return PageReply.html(root, status: status)
  }

  private static func card(_ outlet: Outlet, _ days: [OutletDay], _ words: Words) -> Node {
    el("section", .class("panel outlet")) {
      el("h2") { outlet.name.map { foreign($0) } ?? el("span") { words("outlets.nameless") } }
      if days.isEmpty {
        el("p", .class("empty")) { words("outlets.no_days") }
      } else {
        el("dl", .class("series")) {
          series(words("outlets.posts"), days.map(\.posts), words)
          series(words("outlets.accounts"), days.map(\.accounts), words)
          series(words("outlets.reach"), days.map(\.reach), words)
        }
        daysTable(days, words)
      }
      el("p", .class("hint")) {
        words.nodes("outlets.review", ["day": [.text(TimeText.day(outlet.reviewAt))]])
      }
    }
  }

  @Content private static func series(_ name: String, _ values: [Int64], _ words: Words) -> [Node] {
    el("div") {
      el("dt") { name }
      el("dd") {
        Picture.sparkline(values)
        el("span", .class("number")) { words.number(values.last ?? 0) }
        el("small") {
          words("outlets.range", ["low": words.number(values.min() ?? 0), "high": words.number(values.max() ?? 0)])
        }
      }
    }
  }

  private static func daysTable(_ days: [OutletDay], _ words: Words) -> Node {
    el("details") {
      el("summary") { words.count("outlets.days", Int64(days.count)) }
      grid(
        words("outlets.by_day"),
        [words("outlets.day"), words("outlets.posts"), words("outlets.accounts"), words("outlets.reach")],
        class: "numbers"
      ) {
        days.reversed().map { day in
          el("tr") {
            el("th", Attribute("scope", "row")) { TimeText.day(day.day) }
            el("td") { words.number(day.posts) }
            el("td") { words.number(day.accounts) }
            el("td") { words.number(day.reach) }
          }
        }
      }
    }
  }
}
